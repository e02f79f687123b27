import type { OutputTag } from '../core/output-tag.ts'
import { MIN_WATERMARK_MS } from '../core/stream-element.ts'
import type { Output } from '../operator/output.ts'
import { contractViolation } from './contract-violation.ts'
import { deepCopy } from './deep-copy.ts'
import { deepFreeze } from './deep-freeze.ts'
import type { TestEnv } from './test-env.ts'

/** A record with its event time, as a harness shows it. `timestampMs` is NaN for none. */
export interface TimedRecord<T> {
  readonly value: T
  readonly timestampMs: number
}

/** What an operator sent, element by element. */
export type CapturedElement =
  | { readonly kind: 'record'; readonly value: unknown; readonly timestampMs: number }
  | { readonly kind: 'watermark'; readonly timestampMs: number }
  | { readonly kind: 'watermark-status'; readonly idle: boolean }

/**
 * How emitted records are kept: `by-reference` as in a batch that is handed on later, `by-copy` as
 * if each record left at once, `frozen` to find operators that change what they have emitted.
 */
export type CaptureStyle = 'by-reference' | 'by-copy' | 'frozen'

/** Everything the subtasks of one operator have emitted, across restores. */
export class CapturedStreams {
  readonly records: TimedRecord<unknown>[] = []
  readonly sideOutputs: Map<string, TimedRecord<unknown>[]> = new Map()
  /** The combined watermarks: the minimum over all subtasks, each time it advances. */
  readonly watermarks: number[] = []
  readonly elements: CapturedElement[] = []
  readonly #style: CaptureStyle
  #watermarkBySubtask: number[] = []

  constructor(style: CaptureStyle) {
    this.#style = style
  }

  /** Forgets the watermarks of the subtasks, since others take their place. */
  resetSubtasks(parallelism: number): void {
    this.#watermarkBySubtask = new Array<number>(parallelism).fill(MIN_WATERMARK_MS)
  }

  keep<T>(value: T): T {
    if (this.#style === 'by-copy') return deepCopy(value)
    return this.#style === 'frozen' ? deepFreeze(value) : value
  }

  watermark(subtaskIndex: number, timestampMs: number): void {
    this.#watermarkBySubtask[subtaskIndex] = timestampMs
    const combined = Math.min(...this.#watermarkBySubtask)
    const last = this.watermarks.at(-1) ?? MIN_WATERMARK_MS
    if (combined <= last) return
    this.watermarks.push(combined)
    this.elements.push({ kind: 'watermark', timestampMs: combined })
  }
}

/** The output of one subtask: checks the contract of emission and hands on to the streams. */
export class CapturedOutput implements Output<unknown> {
  /** Why nothing may be emitted at present, or undefined if it may. */
  closedBecause: string | undefined = 'it is not open yet'
  readonly #streams: CapturedStreams
  readonly #subtaskIndex: number
  readonly #env: TestEnv

  constructor(streams: CapturedStreams, subtaskIndex: number, env: TestEnv) {
    this.#streams = streams
    this.#subtaskIndex = subtaskIndex
    this.#env = env
  }

  collect(value: unknown, timestampMs: number): void {
    this.#mayEmit('a record')
    this.#env.faultPoint('collect')
    const record = { kind: 'record' as const, value: this.#streams.keep(value), timestampMs }
    this.#streams.records.push(record)
    this.#streams.elements.push(record)
  }

  sideOutput<X>(tag: OutputTag<X>, value: X, timestampMs: number): void {
    this.#mayEmit(`a record to side output '${tag.id}'`)
    let records = this.#streams.sideOutputs.get(tag.id)
    if (records === undefined) {
      records = []
      this.#streams.sideOutputs.set(tag.id, records)
    }
    records.push({ value: this.#streams.keep(value), timestampMs })
  }

  emitWatermark(timestampMs: number): void {
    this.#mayEmit('a watermark')
    if (Number.isNaN(timestampMs)) throw contractViolation('the operator emitted watermark NaN')
    this.#streams.watermark(this.#subtaskIndex, timestampMs)
  }

  emitWatermarkStatus(idle: boolean): void {
    this.#mayEmit('a watermark status')
    this.#streams.elements.push({ kind: 'watermark-status', idle })
  }

  flush(): void {}

  #mayEmit(what: string): void {
    if (this.closedBecause === undefined) return
    throw contractViolation(`the operator emitted ${what} although ${this.closedBecause}`)
  }
}
