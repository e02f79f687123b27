/// <reference types="node" />
// The program of the recovery tests: a group of pipelines as one job. Its argument says which, and
// what is to fail. The test builds the same job in its own thread.
import {
  collectSink,
  type DataStream,
  getExecutionEnvironment,
  type Sink,
  type StreamExecutionEnvironment,
  watermarks,
} from '../../../src/index.ts'
import { CLOCK } from './clock.ts'
import { EXCHANGES } from './exchanges.ts'
import { type Fault, Faulty } from './faults.ts'
import { FILES } from './files.ts'
import { KEYED_STATE } from './keyed-state.ts'
import { pausedReadings, type Reading } from './paused-readings.ts'
import type { ProgramGroup } from './program.ts'
import { TWO_INPUTS } from './two-inputs.ts'
import { WINDOWS } from './windows.ts'

/** The jobs by name. */
export const GROUPS: Readonly<Record<string, ProgramGroup>> = {
  'keyed state': KEYED_STATE,
  windows: WINDOWS,
  'two inputs': TWO_INPUTS,
  exchanges: EXCHANGES,
  files: FILES,
  clock: CLOCK,
}

/** Which job is built, the same in all threads. */
export interface JobChoice {
  readonly group: string
  /** One program of the group; undefined for all. */
  readonly program?: string | undefined
  readonly parallelism: number
  readonly fault?: Fault | undefined
  /** Whether sources wait at their end, so that the job has none. */
  readonly holds: boolean
  readonly folder: string
}

/** Brings the results of all programs of a group into `sink`, each behind its program's name. */
export function buildJob(
  env: StreamExecutionEnvironment,
  choice: JobChoice,
  sink: Sink<string, unknown>,
): void {
  const { fault, holds, folder, program } = choice
  const input = (name: string): DataStream<Reading> =>
    env.fromSource(pausedReadings(name, holds), watermarks.monotonous<Reading>(), name).uid(name)
  const readings = input('readings').map(new Faulty(fault)).name('Faulty')
  const parts = { env, readings, others: input('others'), holds, folder }
  const { programs } = GROUPS[choice.group] as ProgramGroup
  const results = Object.entries(programs)
    .filter(([name]) => program === undefined || name === program)
    .map(([name, build]) => build(parts).map((result) => `${name}: ${result}`))
  const [first, ...others] = results as [DataStream<string>, ...DataStream<string>[]]
  first
    .union(...others)
    .sinkTo(sink)
    .uid('results')
}

if (import.meta.main) {
  const choice = JSON.parse(process.argv[2] as string) as JobChoice
  const env = getExecutionEnvironment().configure({ 'execution.target': 'threads' })
  const sink = collectSink<string>({ add: () => {} })
  buildJob(env.setParallelism(choice.parallelism), choice, sink as Sink<string, unknown>)
  await env.execute(choice.group)
}
