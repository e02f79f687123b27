import { WatermarkStrategy } from './watermark-strategy.ts'

/**
 * A strategy with the same timestamps and no watermark before the last, and so without idleness and
 * alignment: what it comes down to in BATCH, where all input is there before a window fires.
 */
export function timestampsOnly<T>(strategy: WatermarkStrategy<T>): WatermarkStrategy<T> {
  return new WatermarkStrategy<T>({
    ...strategy,
    createGenerator: undefined,
    idleTimeoutMs: undefined,
    emitEveryMs: undefined,
    alignment: undefined,
  })
}
