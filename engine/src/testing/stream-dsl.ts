import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { MAX_WATERMARK_MS } from '../core/stream-element.ts'

/** A record or a control element of a stream that a test writes down. */
export type StreamEvent<T> =
  | { readonly kind: 'record'; readonly value: T; readonly timestampMs: number }
  | { readonly kind: 'watermark'; readonly timestampMs: number }
  | { readonly kind: 'watermark-status'; readonly idle: boolean }

const RECORD = /^(?<value>[^@\s]+)(?:@(?<timestampMs>-?\d+))?$/
const WATERMARK = /^W(?<timestampMs>-?\d+|MAX)$/

/**
 * Reads a stream as one writes it on paper: `events('a@1 b@4 W3 a@2 idle active WMAX')` is the
 * records a, b, a with their event times, and watermarks between them. A record without `@` has no
 * event time.
 *
 * ```ts
 * const stream = events('a@1 W3')
 * stream[0] // => { kind: 'record', value: 'a', timestampMs: 1 }
 * formatEvents(stream) // => 'a@1 W3'
 * ```
 * @throws INVALID_ARGUMENT if a word is neither
 */
export function events(text: string): readonly StreamEvent<string>[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(readEvent)
}

/**
 * Writes a stream in the notation of {@link events}; values by `toText`, `String` by default.
 *
 * ```ts
 * formatEvents([{ kind: 'record', value: 7, timestampMs: 1 }], (n) => `n${n}`) // => 'n7@1'
 * ```
 */
export function formatEvents<T>(
  stream: readonly StreamEvent<T>[],
  toText: (value: T) => string = String,
): string {
  return stream.map((event) => formatEvent(event, toText)).join(' ')
}

function readEvent(word: string): StreamEvent<string> {
  if (word === 'idle' || word === 'active') {
    return { kind: 'watermark-status', idle: word === 'idle' }
  }
  const watermark = WATERMARK.exec(word)?.groups
  if (watermark !== undefined) {
    const { timestampMs } = watermark
    const isMax = timestampMs === 'MAX'
    return { kind: 'watermark', timestampMs: isMax ? MAX_WATERMARK_MS : Number(timestampMs) }
  }
  const record = RECORD.exec(word)?.groups
  if (record === undefined) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `'${word}' is no stream element; write a record as value@timestamp, a watermark as W5 or ` +
        'WMAX, or idle, active',
    )
  }
  const { value = '', timestampMs } = record
  return {
    kind: 'record',
    value,
    timestampMs: timestampMs === undefined ? NaN : Number(timestampMs),
  }
}

function formatEvent<T>(event: StreamEvent<T>, toText: (value: T) => string): string {
  if (event.kind === 'watermark-status') return event.idle ? 'idle' : 'active'
  if (event.kind === 'watermark') {
    return event.timestampMs === MAX_WATERMARK_MS ? 'WMAX' : `W${event.timestampMs}`
  }
  const { value, timestampMs } = event
  return Number.isNaN(timestampMs) ? toText(value) : `${toText(value)}@${timestampMs}`
}
