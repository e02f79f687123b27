/// <reference types="node" />
import { parseArgs } from 'node:util'
import { crashRun } from './crash-run.ts'
import { planOfSeed } from './seeded-plan.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    'seed-base': { type: 'string', default: '1' },
    max: { type: 'string', default: '5' },
  },
})
process.on('unhandledRejection', (error) => {
  if (!seen.has(String(error))) console.log('UNHANDLED', error)
  seen.add(String(error))
})
const seen = new Set<string>()
let passed = 0
let failed = 0
let events = 0
const started = performance.now()
const base = Number(values['seed-base'])
const counters = new Map<string, number>()
for (let seed = base; seed < base + Number(values.seeds); seed++) {
  const plan = planOfSeed(seed)
  const outcome = await crashRun(plan)
  events += outcome.eventCount
  for (const [name, count] of outcome.counters) counters.set(name, (counters.get(name) ?? 0) + count)
  if (outcome.failure === undefined) passed++
  else {
    failed++
    console.log(`seed ${seed}: ${outcome.failure.slice(0, 600)}`)
    if (Number(values.seeds) === 1) {
      console.log(outcome.report)
      console.log(JSON.stringify(plan, null, 1))
    }
    if (failed >= Number(values.max)) break
  }
}
for (const [name, count] of [...counters].sort()) console.log(`  ${name}: ${count}`)
console.log(`${events} events, ${((performance.now() - started) / 1000).toFixed(1)} s`)
console.log(`${passed} passed, ${failed} failed`)
