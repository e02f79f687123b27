import { randomUUID } from 'node:crypto'
import { Bench } from 'tinybench'
import { calibrate } from '../runner/calibration.ts'
import { sampleInChild } from '../runner/child-sample.ts'
import { codeVersion } from '../runner/code-version.ts'
import { describeMachine } from '../runner/machine.ts'
import { makeResult } from '../runner/make-result.ts'
import { sampleOf } from '../runner/measure.ts'
import { chosen, failures, interleaved } from '../runner/repeat.ts'
import {
  type ChildReport,
  type RunOptions,
  type Suite,
  type SuiteOutcome,
  WrongOutput,
} from '../runner/suite.ts'
import type { MicroCase } from './micro-case.ts'

const FULL = { repeats: 5, warmUpMs: 500, timeMs: 1_000 }
const QUICK = { repeats: 3, warmUpMs: 50, timeMs: 100 }

/** A suite of small benchmarks; each sample is one of them in a process of its own. */
export function microSuite(name: string, about: string, cases: readonly MicroCase[]): Suite {
  const byName = new Map(cases.map((one) => [one.name, one]))
  return {
    name,
    about: `what a record costs: ${about}`,
    compared: cases.map((one) => ({ sample: one.name, case: one.name, betterIs: 'lower' })),
    run: (options) => run(name, byName, options),
    sample: async (asked, quick) => {
      const one = byName.get(asked)
      if (one === undefined) throw new Error(`suite ${name} has no case '${asked}'`)
      return sample(one, quick)
    },
  }
}

async function sample(one: MicroCase, quick: boolean): Promise<ChildReport> {
  const { name } = one
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

async function run(
  suite: string,
  cases: ReadonlyMap<string, MicroCase>,
  { quick, repeats: asked, progress, only, signal }: RunOptions,
): Promise<SuiteOutcome> {
  const { repeats, warmUpMs, timeMs } = quick ? QUICK : FULL
  const startedAt = new Date().toISOString()
  const runId = randomUUID()
  const machine = describeMachine()
  const names = chosen([...cases.keys()], only)
  const take = (name: string): Promise<ChildReport> => sampleInChild(suite, name, quick)
  const { failed, onFailure } = failures(progress)
  const turns = { repeats: asked ?? repeats, take, progress, signal, onFailure }
  const reports = await interleaved(names, turns)
  const results = [...cases.values()].flatMap((one) => {
    const taken = reports.get(one.name) ?? []
    if (taken.length === 0) return []
    const checksums = new Set(taken.flatMap(({ outputs }) => Object.values(outputs)))
    if (checksums.size !== 1) {
      onFailure(one.name, new WrongOutput(`FAILED: the checksums are ${[...checksums].join(', ')}`))
      return []
    }
    return makeResult({
      suite,
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
  return { results, floors: [], failed }
}
