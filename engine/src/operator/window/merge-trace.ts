import type { OutputTag } from '../../core/output-tag.ts'
import type { Output } from '../output.ts'
import { TimeWindow } from './time-window.ts'

/** Windows of a key became one; windows are written `[start, end)`. */
export interface WindowMerge {
  readonly key: unknown
  /** The windows from before in the order of their making, then that of the record which came. */
  readonly before: readonly string[]
  readonly after: string
}

/** Emits to a side output what windows of a key looked like before and after each merge. */
export class MergeTrace {
  readonly #output: Output<unknown>
  readonly #tag: OutputTag<WindowMerge>

  constructor(output: Output<unknown>, tag: OutputTag<WindowMerge>) {
    this.#output = output
    this.#tag = tag
  }

  /** Adds the merge of spans of time into the one that covers them. */
  add(
    key: unknown,
    merged: readonly { readonly startMs: number; readonly endMs: number }[],
    timestampMs: number,
  ): void {
    let cover: TimeWindow | undefined
    const before: string[] = []
    for (const { startMs, endMs } of merged) {
      const window = new TimeWindow(startMs, endMs)
      before.push(String(window))
      cover = cover === undefined ? window : cover.cover(window)
    }
    this.emit(key, before, String(cover), timestampMs)
  }

  /** Adds a merge whose windows are described already. */
  emit(key: unknown, before: readonly string[], after: string, timestampMs: number): void {
    this.#output.sideOutput(this.#tag, { key, before, after }, timestampMs)
  }
}
