import { EngineError, ErrorCode } from '../../../base/engine-error.ts'

const HALF_DAY_MS = 43_200_000

/**
 * What the clocks of a time zone show at a moment. Local times are in milliseconds as if they were
 * UTC, so that calendar arithmetic needs no zone.
 */
export class LocalClock {
  readonly #format: Intl.DateTimeFormat

  /** @throws INVALID_ARGUMENT for a zone that the platform does not know */
  constructor(timeZone: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-US', {
        timeZone,
        calendar: 'gregory',
        numberingSystem: 'latn',
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      })
    } catch (cause) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `the time zone ${JSON.stringify(timeZone)} is not known; name one of the IANA database, ` +
          'such as Europe/Berlin, Asia/Shanghai or UTC',
        { cause },
      )
    }
  }

  /** The local time of a moment, to the second. */
  localOf(timestampMs: number): number {
    let year = 0
    let month = 0
    let day = 0
    let hour = 0
    let minute = 0
    let second = 0
    for (const { type, value } of this.#format.formatToParts(timestampMs)) {
      if (type === 'year') year = Number(value)
      else if (type === 'month') month = Number(value)
      else if (type === 'day') day = Number(value)
      else if (type === 'hour') hour = Number(value)
      else if (type === 'minute') minute = Number(value)
      else if (type === 'second') second = Number(value)
    }
    return Date.UTC(year, month - 1, day, hour, minute, second)
  }

  /**
   * The first moment at which the clocks show `localMs` or later, `localMs` being a midnight. The
   * candidates are what the offsets half a day before, at and after it make of it: the clocks do
   * not change twice within a day.
   */
  firstMomentOf(localMs: number): number {
    const near = localMs - this.#offsetAt(localMs)
    let first = Number.POSITIVE_INFINITY
    for (const probeMs of [near - HALF_DAY_MS, near, near + HALF_DAY_MS]) {
      const candidateMs = localMs - this.#offsetAt(probeMs)
      if (candidateMs < first && this.localOf(candidateMs) >= localMs) first = candidateMs
    }
    return first
  }

  #offsetAt(timestampMs: number): number {
    return this.localOf(timestampMs) - Math.floor(timestampMs / 1000) * 1000
  }
}
