/// <reference types="node" />
import { deriveKey, keyOfSeed, Prng } from '../../src/base/prng.ts'
import type { Fault, FaultKind } from './programs/faults.ts'
import { PAUSE_AT, READING_COUNT } from './programs/paused-readings.ts'
import { GROUPS } from './programs/recovery.ts'

/** What becomes of a job: nothing, or how it fails and goes on. */
export const SCENARIOS = [
  'runs without a failure',
  'fails in a task or a thread',
  'cannot write a checkpoint',
  'fails for good, and another run goes on',
  'is cancelled, and another run goes on',
] as const

export type Scenario = (typeof SCENARIOS)[number]

/** One job in one scenario. */
export interface RecoveryCase {
  readonly group: string
  readonly scenario: Scenario
  readonly parallelism: number
  /** Of the run that goes on. */
  readonly nextParallelism: number
  readonly nextTarget: 'in-process' | 'threads'
  readonly fault: Fault
  /** The checkpoint that fails, or the one after which the job is cancelled. */
  readonly checkpoint: number
  /** Whether the job may go on without the checkpoint that fails. */
  readonly isTolerated: boolean
}

const PARALLELISMS = [1, 2, 4]

/** Ways to end that are quick; a test of its own lets memory run out. */
const KINDS: readonly FaultKind[] = [
  'throws',
  'throws undefined',
  'throws where nobody catches',
  'rejects where nobody looks',
  'exits',
]

/** A seed of its own for each run of the tests, unless one is given. */
export const SEED: number = Number(process.env.THREADS_SEED ?? Date.now() % 100_000)

/**
 * A case for each job and scenario, drawn by the seed; with THREADS_ALL=1 one for each parallelism
 * and way to fail besides.
 */
export function recoveryCases(): readonly RecoveryCase[] {
  const all = process.env.THREADS_ALL === '1'
  return Object.keys(GROUPS).flatMap((group) =>
    SCENARIOS.flatMap((scenario) => {
      const random = new Prng(deriveKey(keyOfSeed(SEED), `${group} ${scenario}`))
      const parallelisms = all ? PARALLELISMS : [drawOf(PARALLELISMS, random)]
      const kinds = all && scenario === SCENARIOS[1] ? KINDS : [drawOf(KINDS, random)]
      return parallelisms.flatMap((parallelism) =>
        kinds.map((kind) => drawCase({ group, scenario, parallelism }, kind, random)),
      )
    }),
  )
}

function drawOf<T>(values: readonly T[], random: Prng): T {
  return values[random.below(values.length)] as T
}

function drawCase(
  given: Pick<RecoveryCase, 'group' | 'scenario' | 'parallelism'>,
  kind: FaultKind,
  random: Prng,
): RecoveryCase {
  // Every job takes two checkpoints: one at the pause of its sources, and the last.
  const checkpointCount = given.scenario === 'cannot write a checkpoint' ? 2 : 3
  return {
    ...given,
    nextTarget: drawOf(['in-process', 'threads', 'threads'], random),
    nextParallelism: drawOf(
      [1, 2, 3].filter((next) => next !== given.parallelism),
      random,
    ),
    fault: drawFault(kind, random),
    checkpoint: 1 + random.below(checkpointCount),
    isTolerated: random.below(2) === 0,
  }
}

function drawFault(kind: FaultKind, random: Prng): Fault {
  return {
    kind,
    at: PAUSE_AT + 1 + random.below(READING_COUNT - PAUSE_AT),
    everywhere: random.below(3) === 0,
    attempts: 1 + random.below(2),
    whileStarting: random.below(2) === 0,
  }
}

/** The case in words, for the name of its test. */
export function caseName(one: RecoveryCase): string {
  const { group, scenario, parallelism, fault, checkpoint, isTolerated } = one
  const next = `: ${one.nextTarget} on ${one.nextParallelism},`
  const where = fault.everywhere ? 'everywhere' : 'once'
  const often = fault.attempts === 1 ? where : `${where} in two attempts`
  const start = fault.whileStarting && fault.attempts > 1 ? ', the second time at its start' : ''
  const how = `${fault.kind} ${often} at ${fault.at}${start}`
  const details: Readonly<Record<Scenario, string>> = {
    'runs without a failure': '',
    'fails in a task or a thread': `: ${how}`,
    'cannot write a checkpoint': `: ${checkpoint}, which is ${isTolerated ? '' : 'not '}tolerated`,
    'fails for good, and another run goes on': `${next} ${fault.kind} at ${fault.at}`,
    'is cancelled, and another run goes on': `${next} after checkpoint ${checkpoint}`,
  }
  return `${group} on ${parallelism} threads ${scenario}${details[scenario]}`
}
