/// <reference types="node" />
import type { MapFunction, RuntimeContext } from '../../../src/index.ts'
import type { Reading } from './paused-readings.ts'

/** How a task or its thread may end in the middle of its work. */
export type FaultKind =
  | 'throws'
  | 'throws undefined'
  | 'throws where nobody catches'
  | 'rejects where nobody looks'
  | 'exits'
  | 'runs out of memory'

const ENDS: Readonly<Record<FaultKind, () => void>> = {
  throws: () => {
    throw new Error('a reading too many')
  },
  'throws undefined': () => {
    throw undefined
  },
  'throws where nobody catches': () =>
    void setImmediate(() => {
      throw new Error('nobody catches this')
    }),
  'rejects where nobody looks': () => void Promise.reject(new Error('nobody looks at this')),
  exits: () => process.exit(3),
  'runs out of memory': () => {
    const kept: unknown[] = []
    for (;;) kept.push(new Array(1_000_000).fill(kept.length))
  },
}

/** A failure that a program brings upon itself. */
export interface Fault {
  readonly kind: FaultKind
  /** The id of the reading at which it happens. */
  readonly at: number
  /** Whether every subtask fails, at its first reading from there on. */
  readonly everywhere: boolean
  /** Fails in execution attempts below this. */
  readonly attempts: number
  /** Fails as soon as it is opened in an attempt after the first. */
  readonly whileStarting: boolean
}

/** Passes readings on, until it fails. */
export class Faulty implements MapFunction<Reading, Reading> {
  private readonly fault: Fault | undefined
  private attempt = 0

  constructor(fault: Fault | undefined) {
    this.fault = fault
  }

  open({ task }: RuntimeContext): void {
    const { fault } = this
    this.attempt = task.attempt
    if (fault === undefined || this.attempt >= fault.attempts) return
    if (fault.whileStarting && this.attempt > 0) ENDS[fault.kind]()
  }

  map(reading: Reading): Reading {
    const { fault } = this
    if (fault === undefined || this.attempt >= fault.attempts) return reading
    const isDue = fault.everywhere ? reading.id >= fault.at : reading.id === fault.at
    if (isDue) ENDS[fault.kind]()
    return reading
  }
}
