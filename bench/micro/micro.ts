import { randomUUID } from 'node:crypto'
import { Bench } from 'tinybench'
import { calibrate } from '../runner/calibration.ts'
import { sampleInChild } from '../runner/child-sample.ts'
import { codeVersion } from '../runner/code-version.ts'
import { describeMachine } from '../runner/machine.ts'
import { makeResult } from '../runner/make-result.ts'
import { sampleOf } from '../runner/measure.ts'
import { chosen, interleaved } from '../runner/repeat.ts'
import {
  type ChildReport,
  type RunOptions,
  type Suite,
  type SuiteOutcome,
  WrongOutput,
} from '../runner/suite.ts'
import { codecCases } from './codec.bench.ts'
import { exchangeCases } from './exchange.bench.ts'
import { keyCases } from './key.bench.ts'
import type { MicroCase } from './micro-case.ts'
import { stateCases } from './state.bench.ts'

const SUITE = 'micro'

const CASES: ReadonlyMap<string, MicroCase> = new Map(
  [...codecCases, ...keyCases, ...stateCases, ...exchangeCases].map((one) => [one.name, one]),
)

const FULL = { repeats: 5, warmUpMs: 500, timeMs: 1_000 }
const QUICK = { repeats: 3, warmUpMs: 50, timeMs: 100 }

/** What a record costs in the parts of the engine, each case in processes of its own. */
export const micro: Suite = {
  name: SUITE,
  about: `what a record costs: ${[...CASES.keys()].join(', ')}`,
  compared: [...CASES.keys()].map((name) => ({ sample: name, case: name, betterIs: 'lower' })),
  run,
  sample,
}

async function sample(name: string, quick: boolean): Promise<ChildReport> {
  const one = CASES.get(name)
  if (one === undefined) throw new Error(`there is no micro case '${name}'`)
  const { warmUpMs, timeMs } = quick ? QUICK : FULL
  const iteration = one.prepare()
  const checksum = iteration()
  let differing = 0
  const bench = new Bench({ warmupTime: warmUpMs, time: timeMs, throws: true })
  bench.add(name, () => {
    if (iteration() !== checksum) differing++
  })
  const before = calibrate()
  const cpuBefore = process.cpuUsage()
  const startMs = performance.now()
  const [task] = await bench.run()
  const wallSeconds = (performance.now() - startMs) / 1e3
  const { user, system } = process.cpuUsage(cpuBefore)
  if (task?.result.state !== 'completed') throw new Error(`${name} was not completed`)
  if (differing > 0) throw new Error(`${differing} iterations of ${name} had another checksum`)
  const { latency } = task.result
  const usage = {
    value: (latency.p50 * 1e6) / one.records,
    wallSeconds,
    cpuSeconds: (user + system) / 1e6,
    records: latency.samplesCount * one.records,
  }
  return {
    samples: { [name]: sampleOf(usage, before, calibrate()) },
    outputs: { [name]: String(checksum) },
    facts: {},
  }
}

async function run({ quick, progress, only, signal }: RunOptions): Promise<SuiteOutcome> {
  const { repeats, warmUpMs, timeMs } = quick ? QUICK : FULL
  const startedAt = new Date().toISOString()
  const runId = randomUUID()
  const machine = describeMachine()
  const names = chosen([...CASES.keys()], only)
  const take = (name: string): Promise<ChildReport> => sampleInChild(SUITE, name, quick)
  const reports = await interleaved(names, { repeats, take, progress, signal })
  const results = [...CASES.values()].flatMap((one) => {
    const taken = reports.get(one.name) ?? []
    if (taken.length === 0) return []
    const checksums = new Set(taken.flatMap(({ outputs }) => Object.values(outputs)))
    if (checksums.size !== 1) {
      throw new WrongOutput(`FAILED: ${one.name} has the checksums ${[...checksums].join(', ')}`)
    }
    return makeResult({
      suite: SUITE,
      case: one.name,
      parameters: { recordsPerIteration: one.records },
      engine: 'millrace',
      ...codeVersion(),
      settings: { warmUpMs, timeMs },
      startedAt,
      runId,
      machine,
      unit: 'ns/record',
      samples: taken.flatMap(({ samples }) => Object.values(samples)),
      verification: {
        status: 'invariants',
        outputHash: [...checksums].join(),
        reference: 'the checksum of the first iteration of each process',
      },
      notes: [],
    })
  })
  return { results, floors: [] }
}
