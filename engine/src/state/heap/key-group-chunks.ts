import { ByteWriter } from '../../base/byte-writer.ts'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { KeyGroupRange } from '../../core/key-group.ts'

/** The serialized entries of one key group: of one table, or of the timers of one service. */
export interface Chunk {
  readonly keyGroup: number
  readonly count: number
  readonly bytes: Uint8Array
  /** Holds the bytes behind its headroom. */
  readonly writer: ByteWriter
}

/** A chunk is mostly as large as in the last snapshot, or a little larger. */
const GROWTH = 1.125

/** The room for the entries of a key group that had none in the last snapshot. */
const FIRST_BYTES = 64

/** Collects the entries of a table by key group while a snapshot walks it. */
export class KeyGroupChunks {
  readonly #first: number
  readonly #writers: (ByteWriter | undefined)[]
  readonly #counts: number[]
  readonly #lastLengths: readonly number[]

  readonly #headroom: number

  /**
   * @param headroom how many bytes stay free in front of the entries of each key group
   * @param lastLengths what {@link KeyGroupChunks.lengths} were in the last snapshot: buffers that
   * need not grow are neither copied nor left to the garbage collector
   */
  constructor(range: KeyGroupRange, headroom: number, lastLengths: readonly number[] = []) {
    const size = range.last - range.first + 1
    this.#first = range.first
    this.#writers = new Array<ByteWriter | undefined>(size).fill(undefined)
    this.#counts = new Array<number>(size).fill(0)
    this.#headroom = headroom
    this.#lastLengths = lastLengths
  }

  /** The bytes by key group. */
  get lengths(): readonly number[] {
    return this.#writers.map((writer) => writer?.length ?? 0)
  }

  /** Where to append an entry of a key group; {@link KeyGroupChunks.count} says it is complete. */
  writer(keyGroup: number): ByteWriter {
    const index = keyGroup - this.#first
    // Not by `assert`, which has its text made for each entry of a snapshot.
    if (index < 0 || index >= this.#writers.length) throw foreignKeyGroup(keyGroup)
    let writer = this.#writers[index]
    if (writer === undefined) {
      const lastLength = this.#lastLengths[index] ?? 0
      const capacity = this.#headroom + FIRST_BYTES + Math.ceil(lastLength * GROWTH)
      writer = new ByteWriter(capacity)
      writer.extend(this.#headroom)
      this.#writers[index] = writer
    }
    return writer
  }

  /** Says that one more entry of the key group is written completely. */
  count(keyGroup: number): void {
    const index = keyGroup - this.#first
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
  }

  /** The chunk of a key group, as a view; undefined if it has no entry. */
  chunk(keyGroup: number): Chunk | undefined {
    const writer = this.#writers[keyGroup - this.#first]
    const count = this.#counts[keyGroup - this.#first] ?? 0
    if (writer === undefined || count === 0) return undefined
    return { keyGroup, count, bytes: writer.view().subarray(this.#headroom), writer }
  }
}

function foreignKeyGroup(keyGroup: number): EngineError {
  const message = `a key of key group ${keyGroup} came to a subtask that does not own it`
  return new EngineError(ErrorCode.ASSERTION, message)
}
