import type { Sample } from './benchmark-result.ts'
import { between, type Calibration, calibrate, voidReason } from './calibration.ts'
import { type DescendantUsage, descendantUsage } from './process-tree.ts'

/** What a measured run has to say of itself. */
export interface Run<T> {
  readonly records: number
  readonly outcome: T
}

/** A measured run with its sample; `value` is records per second. */
export interface Measured<T> {
  readonly sample: Sample
  readonly outcome: T
}

/** How often the memory of child processes is looked at while a run goes on. */
const MEMORY_INTERVAL_MS = 100

/** Measures one run in this process and its children, with a calibration at either end. */
export async function measure<T>(run: () => Run<T> | Promise<Run<T>>): Promise<Measured<T>> {
  const before = calibrate()
  let childRssBytes = 0
  const look = (): DescendantUsage => {
    const usage = descendantUsage()
    childRssBytes = Math.max(childRssBytes, usage.rssBytes)
    return usage
  }
  const childrenBefore = look()
  const memoryTimer = setInterval(look, MEMORY_INTERVAL_MS)
  const cpuBefore = process.cpuUsage()
  const startMs = performance.now()
  const { records, outcome } = await run()
  const wallSeconds = (performance.now() - startMs) / 1e3
  const { user, system } = process.cpuUsage(cpuBefore)
  clearInterval(memoryTimer)
  const cpuSeconds = (user + system) / 1e6 + look().cpuSeconds - childrenBefore.cpuSeconds
  const usage = { value: records / wallSeconds, wallSeconds, cpuSeconds, records }
  const sample = sampleOf(usage, before, calibrate())
  return { sample: { ...sample, peakRssBytes: sample.peakRssBytes + childRssBytes }, outcome }
}

/** What a sample says besides calibration and memory. */
export type SampleUsage = Pick<Sample, 'value' | 'wallSeconds' | 'cpuSeconds' | 'records'>

/** Makes a sample of what was measured between two calibrations. */
export function sampleOf(usage: SampleUsage, before: Calibration, after: Calibration): Sample {
  const { cpuNs, memoryNs } = between(before, after)
  return {
    ...usage,
    // The high-water mark of the process: it never falls, so it holds for all runs so far.
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    calibrationCpuNs: cpuNs,
    calibrationMemoryNs: memoryNs,
    void: voidReason(before, after),
  }
}

/** When a warm-up is over. */
export interface WarmUpLimits {
  /** Two runs in a row that differ by less than this are steady. */
  readonly tolerance: number
  readonly maxRuns: number
  /** It takes at least so long, however many runs that are. Default 0. */
  readonly minMs?: number
}

/**
 * Repeats a run until two in a row take about the same time.
 *
 * @param nowMs the clock
 * @returns how many runs that took
 */
export async function warmUp(
  run: () => unknown,
  { tolerance, maxRuns, minMs = 0 }: WarmUpLimits,
  nowMs: () => number = () => performance.now(),
): Promise<number> {
  const beginMs = nowMs()
  let lastMs = 0
  for (let runs = 1; ; runs++) {
    const startMs = nowMs()
    await run()
    const endMs = nowMs()
    const elapsedMs = endMs - startMs
    const isSteady = Math.abs(elapsedMs - lastMs) < tolerance * Math.max(elapsedMs, lastMs)
    if ((isSteady || runs >= maxRuns) && endMs - beginMs >= minMs) return runs
    lastMs = elapsedMs
  }
}
