import { CountDigest } from './count-digest.ts'
import { isPlausible, timeOf, toReading, WINDOW_MS } from './readings.ts'

/** One open window of the loop. */
interface OpenWindow {
  readonly startMs: number
  readonly endMs: number
  readonly counts: Map<number, number>
}

/** How many records go by between two looks at the clock: as many as the engine's batch holds. */
const RECORDS_PER_CLOCK_READ = 1_024

/**
 * The job of `windowed-count.ts` as one loop written by hand: the same records made by the same
 * functions, counts per sensor and window in maps, a watermark at the same interval of the clock,
 * and windows that fire when the watermark passes their last millisecond. It does what the job does
 * in parallelism 1 without failures: no checkpoints, no late records, no error policy.
 */
export function countByLoop(records: number, watermarkIntervalMs: number): CountDigest {
  const digest = new CountDigest()
  const windows: OpenWindow[] = []
  let current: OpenWindow | undefined
  let highestMs = Number.NEGATIVE_INFINITY
  let nextWatermarkMs = performance.now() + watermarkIntervalMs
  for (let index = 0; index < records; index++) {
    const timeMs = timeOf(index)
    if (timeMs > highestMs) highestMs = timeMs
    const reading = toReading(index)
    if (isPlausible(reading)) {
      if (current === undefined || timeMs < current.startMs || timeMs >= current.endMs) {
        current = windowAt(windows, timeMs)
      }
      const { counts } = current
      counts.set(reading.sensor, (counts.get(reading.sensor) ?? 0) + 1)
    }
    if (index % RECORDS_PER_CLOCK_READ === 0 && performance.now() >= nextWatermarkMs) {
      nextWatermarkMs = performance.now() + watermarkIntervalMs
      current = undefined
      fire(windows, highestMs - 1, digest)
    }
  }
  fire(windows, Number.POSITIVE_INFINITY, digest)
  return digest
}

function windowAt(windows: OpenWindow[], timeMs: number): OpenWindow {
  const startMs = timeMs - (timeMs % WINDOW_MS)
  const known = windows.find((window) => window.startMs === startMs)
  if (known !== undefined) return known
  const opened = { startMs, endMs: startMs + WINDOW_MS, counts: new Map<number, number>() }
  windows.push(opened)
  return opened
}

/** Emits and forgets the windows whose last millisecond the watermark has reached. */
function fire(windows: OpenWindow[], watermarkMs: number, digest: CountDigest): void {
  while (windows[0] !== undefined && windows[0].endMs - 1 <= watermarkMs) {
    const { startMs, counts } = windows.shift() as OpenWindow
    for (const [sensor, count] of counts) digest.add(sensor, startMs, count)
  }
}
