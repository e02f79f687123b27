import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** Options of windows that start at multiples of a size. */
export interface WindowOffset {
  /**
   * Shifts all window starts, in milliseconds; above `-slide` and below `slide`. Days of UTC+8
   * start at an offset of -8 h.
   */
  readonly offsetMs?: number
}

/** @throws INVALID_ARGUMENT if a duration of `factory` is not an integer above 0 */
export function checkDuration(factory: string, name: string, durationMs: number): void {
  if (Number.isSafeInteger(durationMs) && durationMs > 0) return
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `${factory}: ${name} is ${durationMs}, but must be an integer of milliseconds above 0`,
  )
}

/** @throws INVALID_ARGUMENT if an offset is not an integer between `-slideMs` and `slideMs` */
export function checkOffset(factory: string, offsetMs: number, slideMs: number): void {
  if (Number.isSafeInteger(offsetMs) && Math.abs(offsetMs) < slideMs) return
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `${factory}: offsetMs is ${offsetMs}, but must be an integer above -${slideMs} and below ` +
      `${slideMs}, the distance of two window starts; larger offsets give the same windows again`,
  )
}

/** @throws INVALID_ARGUMENT if a count of `factory` is not an integer above 0 */
export function checkCount(factory: string, count: number): void {
  if (Number.isSafeInteger(count) && count > 0) return
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `${factory}(${count}): the count must be an integer above 0`,
  )
}
