import { MIN_WATERMARK_MS } from '../../core/stream-element.ts'

/**
 * The subtasks of all sources of one alignment group, and how far each has come. The watermark of
 * the group is the lowest: nobody may run too far ahead of that. A subtask that has not reported
 * yet stands at the beginning of time; one that is idle or has ended reports the end of it.
 */
export class WatermarkAlignmentGroup {
  readonly #watermarks = new Map<string, number>()

  /** Adds a subtask of a source. */
  add(operatorId: string, subtaskIndex: number): void {
    this.#watermarks.set(memberKey(operatorId, subtaskIndex), MIN_WATERMARK_MS)
  }

  /** Takes what a subtask reports. @returns the watermark of the group */
  report(operatorId: string, subtaskIndex: number, watermarkMs: number): number {
    this.#watermarks.set(memberKey(operatorId, subtaskIndex), watermarkMs)
    return Math.min(...this.#watermarks.values())
  }
}

function memberKey(operatorId: string, subtaskIndex: number): string {
  return `${operatorId}/${subtaskIndex}`
}
