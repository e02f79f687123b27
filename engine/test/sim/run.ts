/// <reference types="node" />
// Random pipelines under random faults on simulated machines:
//   node engine/test/sim/run.ts [--seeds N] [--seed-base B] [--minimise] [--bug name]
// One seed prints everything that is known of its run.
import { parseArgs } from 'node:util'
import { SimCrash } from '../../src/testing/sim/sim-crash.ts'
import { crashRun } from './crash-run.ts'
import { minimise } from './minimise.ts'
import { PLANTED_BUGS } from './planted-bugs.ts'
import { describeCounters, describeFailure, type FailedSeed, runSeeds } from './run-seeds.ts'

const PROGRESS_EVERY = 1_000

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    'seed-base': { type: 'string', default: '1' },
    minimise: { type: 'boolean', default: false },
    bug: { type: 'string' },
  },
})
const first = Number(values['seed-base'])
const count = Number(values.seeds)
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || count < 1) {
  console.error('--seeds and --seed-base take whole numbers')
  process.exit(2)
}
const bug = values.bug === undefined ? undefined : PLANTED_BUGS[values.bug]
if (values.bug !== undefined && bug === undefined) {
  const names = Object.keys(PLANTED_BUGS).join(', ')
  console.error(`no planted bug is called ${values.bug}; there are ${names}`)
  process.exit(2)
}

// An error that nobody handles would end a real process of the engine; it is a failure here.
const unhandled: unknown[] = []
process.on('unhandledRejection', (error) => {
  if (!(error instanceof SimCrash)) unhandled.push(error)
})

const startedMs = performance.now()
const summary = await runSeeds({
  first,
  count,
  bug,
  onSeed(seed, { failure }) {
    const done = seed - first + 1
    if (failure !== undefined && count > 1) console.log(`seed ${seed}: ${failure.split('\n')[0]}`)
    if (done % PROGRESS_EVERY === 0 && done < count) console.log(`${done} of ${count} seeds`)
  },
})
const [worst] = summary.failed
if (worst !== undefined) {
  console.log(`\n${describeFailure(worst)}`)
  if (values.minimise) await printMinimised(worst)
}
for (const error of unhandled) console.log('an error that nobody handled:', error)
const seconds = (performance.now() - startedMs) / 1_000
console.log(`\n${summary.eventCount} events in ${seconds.toFixed(1)} s; what happened how often:`)
for (const line of describeCounters(summary.counters)) console.log(`  ${line}`)
console.log(`${summary.passed} passed, ${summary.failed.length + unhandled.length} failed`)
process.exitCode = summary.failed.length + unhandled.length === 0 ? 0 : 1

async function printMinimised({ seed, plan }: FailedSeed): Promise<void> {
  const small = await minimise(plan)
  const outcome = await crashRun(small)
  console.log('\nmade smaller (the seed alone does not give this run):')
  console.log(describeFailure({ seed, plan: small, outcome }))
  console.log(`records: ${JSON.stringify(small.pipeline.sources)}`)
}
