import fc from 'fast-check'

/** The places in the engine at which a run may be disturbed. */
export const FAULT_POINTS = [
  'beforeBarrier',
  'afterAlign',
  'afterSnapshotBeforeAck',
  'afterAckBeforeNotify',
  'duringMetadataWrite',
  'afterMetadataBeforeNotify',
  'duringRestore',
  'duringCommit',
  'afterCommitBeforeForget',
  'whileAbortingLingering',
] as const

export type FaultPoint = (typeof FAULT_POINTS)[number]

/** One thing that goes wrong. Those that end the process are followed by a new one. */
export type Fault =
  /** kill -9 so many virtual milliseconds after the start. */
  | { readonly kind: 'kill'; readonly afterMs: number }
  /** The machine loses power. */
  | { readonly kind: 'powerFail'; readonly afterMs: number }
  /** At the n-th visit of a fault point the process is killed, loses power, or gets an error. */
  | {
      readonly kind: 'point'
      readonly point: FaultPoint
      readonly count: number
      readonly verdict: 'crash' | 'powerFail' | 'fail'
    }
  /** A user function throws at its n-th call. */
  | { readonly kind: 'throw'; readonly call: number }
  /** The process stops for a while, as for a long garbage collection. */
  | { readonly kind: 'pause'; readonly afterMs: number; readonly forMs: number }

/** All that goes wrong in a run. */
export interface FaultSchedule {
  readonly faults: readonly Fault[]
  /** Which syncs of files fail with EIO, counted from 1 over the whole run. */
  readonly failedSyncs: readonly number[]
  /** How each of the first calls to the transaction log ends. */
  readonly logOutcomes: readonly ('done' | 'failed' | 'timed-out' | 'timed-out-yet-done')[]
  readonly timerLatenessMsMax: number
  /** Greatest delay of a task in milliseconds; 0 for next to none. */
  readonly slowTasksMs: number
}

/** True if the process does not live on after the fault. */
export function endsProcess(fault: Fault): boolean {
  if (fault.kind === 'kill' || fault.kind === 'powerFail') return true
  return fault.kind === 'point' && fault.verdict !== 'fail'
}

const fault: fc.Arbitrary<Fault> = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('kill' as const), afterMs: moment() }), weight: 2 },
  {
    arbitrary: fc.record({ kind: fc.constant('powerFail' as const), afterMs: moment() }),
    weight: 2,
  },
  {
    arbitrary: atPoint(
      fc.constantFrom(...FAULT_POINTS),
      fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 20 })),
    ),
    weight: 5,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('throw' as const),
      call: fc.integer({ min: 1, max: 40 }),
    }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('pause' as const),
      afterMs: moment(),
      forMs: fc.integer({ min: 1, max: 300 }),
    }),
    weight: 1,
  },
)

/** Points that a process comes to only while it starts, and only a few times. */
const restorePoint = atPoint(
  fc.constantFrom('duringRestore' as const, 'whileAbortingLingering' as const),
  fc.integer({ min: 1, max: 3 }),
)

/** Random schedules; each first decides which kinds of trouble there are at all. */
export const faultSchedules: fc.Arbitrary<FaultSchedule> = fc.record({
  faults: fc.array(
    fc.oneof({ arbitrary: fault, weight: 6 }, { arbitrary: restorePoint, weight: 1 }),
    { minLength: 1, maxLength: 5, size: 'max' },
  ),
  failedSyncs: fc.oneof(
    { arbitrary: fc.constant([]), weight: 4 },
    { arbitrary: fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 3 }), weight: 1 },
  ),
  logOutcomes: fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    {
      arbitrary: fc.array(
        fc.constantFrom(
          'done' as const,
          'done' as const,
          'done' as const,
          'failed' as const,
          'timed-out' as const,
          'timed-out-yet-done' as const,
        ),
        { maxLength: 40 },
      ),
      weight: 1,
    },
  ),
  timerLatenessMsMax: fc.constantFrom(0, 0, 3, 20),
  slowTasksMs: fc.constantFrom(0, 0, 1, 4),
})

function atPoint(
  point: fc.Arbitrary<FaultPoint>,
  count: fc.Arbitrary<number>,
): fc.Arbitrary<Extract<Fault, { kind: 'point' }>> {
  const verdict = fc.constantFrom(
    'crash' as const,
    'crash' as const,
    'powerFail' as const,
    'fail' as const,
  )
  return fc.record({ kind: fc.constant('point' as const), point, count, verdict })
}

function moment(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 350 })
}
