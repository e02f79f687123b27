import type { TimerQueueKind } from '../../engine/src/state/heap/heap-timer-service.ts'
import type { InternalTimerService } from '../../engine/src/state/timer-service.ts'
import { heapBackend } from './heap-backend.ts'
import type { MicroCase } from './micro-case.ts'

/** Timers per iteration of the suite's cases. */
const TIMERS = 100_000
const KEYS = 10_000

/** Records between two watermarks. */
const RECORDS_PER_WATERMARK = 100

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** A round of timers: registers them from `startMs` on, and lets all of them fire. */
type Round = (job: TimerJob, startMs: number) => void

/** What a case works with. */
interface TimerJob {
  readonly count: number
  readonly timers: InternalTimerService
  /** A number from 0 to below 1 for each record, the same in each round. */
  readonly random: Float64Array
  setKey(record: number): void
  advanceWatermark(watermarkMs: number): void
}

/** Timers of user functions in event time: each is registered, and fires or is deleted. */
export const timerCases: readonly MicroCase[] = timerCasesOf(TIMERS)

/** The cases with another number of timers, or on the twin of the wheel. */
export function timerCasesOf(count: number, timerQueue?: TimerQueueKind): readonly MicroCase[] {
  const rounds: Readonly<Record<string, Round>> = {
    // Each record wants to be called within a minute, as the watermark goes on.
    'timer-ahead': (job, startMs) => {
      forEachRecord(job, startMs, (record, nowMs) => {
        const delayMs = 1 + Math.floor((job.random[record] as number) * MINUTE_MS)
        job.timers.registerEventTimeTimer('', nowMs + delayMs)
      })
    },
    // Each record puts off the time-out of its key.
    'timer-postpone': (job, startMs) => {
      const dueMs = new Float64Array(KEYS)
      forEachRecord(job, startMs, (record, nowMs) => {
        const key = keyOf(record)
        if (record >= KEYS) job.timers.deleteEventTimeTimer('', dueMs[key] as number)
        dueMs[key] = nowMs + MINUTE_MS
        job.timers.registerEventTimeTimer('', nowMs + MINUTE_MS)
      })
    },
    // The ends of minutes: ten thousand timers of one moment.
    'timer-one-moment': (job, startMs) => {
      for (let record = 0; record < job.count; record++) {
        job.setKey(record)
        const minute = 1 + Math.floor(record / KEYS)
        job.timers.registerEventTimeTimer('', startMs + minute * MINUTE_MS)
      }
    },
    // From seconds to years.
    'timer-far-apart': (job, startMs) => {
      for (let record = 0; record < job.count; record++) {
        job.setKey(record)
        const days = 2_000 ** (job.random[record] as number) - 1
        job.timers.registerEventTimeTimer('', startMs + Math.floor(days * DAY_MS))
      }
      for (let day = 0; day < 2_000; day += 10) job.advanceWatermark(startMs + day * DAY_MS)
    },
    // An hour of timers, and one watermark behind it.
    'timer-jump': (job, startMs) => {
      for (let record = 0; record < job.count; record++) {
        job.setKey(record)
        const delayMs = Math.floor((job.random[record] as number) * 60 * MINUTE_MS)
        job.timers.registerEventTimeTimer('', startMs + delayMs)
      }
    },
  }
  return Object.entries(rounds).map(([name, round]) => timerCase(name, count, round, timerQueue))
}

function forEachRecord(
  job: TimerJob,
  startMs: number,
  register: (record: number, nowMs: number) => void,
): void {
  for (let record = 0; record < job.count; record++) {
    const nowMs = startMs + Math.floor((record / job.count) * MINUTE_MS)
    if (record % RECORDS_PER_WATERMARK === 0) job.advanceWatermark(nowMs - 1)
    job.setKey(record)
    register(record, nowMs)
  }
}

function timerCase(
  name: string,
  count: number,
  round: Round,
  timerQueue: TimerQueueKind | undefined,
): MicroCase {
  return {
    name,
    records: count,
    prepare: () => {
      let checksum = 0
      let startMs = 1_700_000_000_000
      const onEventTimer = (timestampMs: number): void => {
        // Depends on the order.
        checksum = (Math.imul(checksum, 31) + (timestampMs - startMs)) | 0
      }
      const backend = heapBackend({ timerQueue })
      const job: TimerJob = {
        count,
        timers: backend.timerService('timers', { onEventTimer, onProcessingTimer() {} }),
        random: randomNumbers(count),
        setKey: (record) => backend.setCurrentKey(keyOf(record)),
        advanceWatermark: (watermarkMs) => backend.advanceWatermark(watermarkMs),
      }
      return () => {
        checksum = 1
        round(job, startMs)
        const endMs = startMs + 2_000 * DAY_MS
        backend.advanceWatermark(endMs)
        // A multiple of every length above, so that each round is like the last.
        startMs = endMs
        return checksum
      }
    },
  }
}

/** Every key comes once in as many records as there are keys. */
function keyOf(record: number): number {
  return (record * 7919) % KEYS
}

function randomNumbers(count: number): Float64Array {
  let state = 12_345
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state / 0x1_0000_0000
  })
}
