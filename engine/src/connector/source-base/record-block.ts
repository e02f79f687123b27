/**
 * `connector/` owns what brings records in and out: sources, sinks and file formats, a folder each,
 * on what `source-base` offers all sources. A connector knows the source and sink interfaces of
 * `operator/` and reaches the world through an `Env`; it knows nothing of tasks or programs.
 */

/**
 * An entry of a {@link RecordBlock} that gives no record: it is malformed, or left out on purpose.
 *
 * ```ts
 * const gap = new BlockGap({ record: 'x', origin: 'a.csv:3', cause: new Error('no number') })
 * gap.malformed?.origin // => 'a.csv:3'
 * ```
 */
export class BlockGap {
  /** What stands there, as far as it can be shown; undefined for an entry left out on purpose. */
  readonly malformed: MalformedEntry | undefined

  constructor(malformed: MalformedEntry | undefined) {
    this.malformed = malformed
  }
}

/** An entry that cannot be parsed. */
export interface MalformedEntry {
  readonly record: unknown
  /** File and line, or whatever tells where it stands. */
  readonly origin: string
  readonly cause: unknown
}

/**
 * The gap of an entry that is left out on purpose, such as an empty line.
 *
 * ```ts
 * const entries = ['1', '', '2'].map((line) => (line === '' ? LEFT_OUT : Number(line)))
 * const splitAfter = (count: number): number => count
 * const block: RecordBlock<number, number> = { entries, hasGaps: true, splitAfter }
 * block.entries.filter((entry) => entry !== LEFT_OUT) // => [1, 2]
 * ```
 */
export const LEFT_OUT: BlockGap = new BlockGap(undefined)

/** The entry of a record that a user's function converts, drops (null) or refuses (throws). */
export function convertedEntry<R, T>(
  record: R,
  convert: (record: R) => T | null,
  originOf: () => string,
): T | BlockGap {
  try {
    return convert(record) ?? LEFT_OUT
  } catch (cause) {
    return new BlockGap({ record, origin: originOf(), cause })
  }
}

/** Records that were fetched together, in order. */
export interface RecordBlock<T, Split> {
  readonly entries: readonly (T | BlockGap)[]
  /** True if some entries are gaps; a block without is emitted without looking. */
  readonly hasGaps: boolean
  /** The split, positioned right behind the first `count` entries of this block. */
  splitAfter(count: number): Split
}

/** An open split. One call at a time; `close` only when no call is under way. */
export interface SplitFetcher<T, Split> {
  /** The next block, which may be empty, or undefined at the end of the split. */
  fetch(): Promise<RecordBlock<T, Split> | undefined>
  close(): Promise<void>
}
