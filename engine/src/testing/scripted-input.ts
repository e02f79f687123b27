import { NO_TIMESTAMP } from '../core/record-batch.ts'

/** One element of the script of a source. */
export type ScriptElement<T> =
  | { readonly kind: 'record'; readonly value: T; readonly timestampMs: number }
  /** A record that cannot be parsed. */
  | { readonly kind: 'malformed'; readonly record: unknown; readonly cause: string }
  /** The reader waits here until the test says `resume`. */
  | { readonly kind: 'wait' }
  /** The reader fails here, the first time it comes by. */
  | { readonly kind: 'fail-once'; readonly message: string }

/**
 * A record of a script. `timestampMs` is its event time; none by default.
 *
 * ```ts
 * record('tea', 1_000) // => { kind: 'record', value: 'tea', timestampMs: 1000 }
 * ```
 */
export function record<T>(value: T, timestampMs: number = NO_TIMESTAMP): ScriptElement<T> {
  return { kind: 'record', value, timestampMs }
}

/**
 * A record of a script that cannot be parsed.
 *
 * ```ts
 * env.configure({ 'pipeline.record-error-policy': 'skip' })
 * const source = scriptedSource<string>([[record('a'), malformed('?'), record('b')]])
 * await env.fromSource(source).executeAndCollect() // => ['a', 'b']
 * ```
 */
export function malformed(value: unknown, cause = 'planted by a test'): ScriptElement<never> {
  return { kind: 'malformed', record: value, cause }
}

/**
 * A place in a script at which the reader waits until the test says `resume`.
 *
 * ```ts
 * const input = new ScriptedInput<string>()
 * input.feed([record('a'), WAIT, record('b')])
 * input.at(0, 1) // => 'nothing yet'
 * input.resume()
 * input.at(0, 1) // => WAIT
 * ```
 */
export const WAIT: ScriptElement<never> = Object.freeze({ kind: 'wait' })

/**
 * A place in a script at which the reader fails, the first time it comes by.
 *
 * ```ts
 * const input = new ScriptedInput<string>()
 * input.feed([failOnce('no connection'), record('a')])
 * input.at(0, 0) // throws Error
 * input.at(0, 0) // => failOnce('no connection')
 * ```
 */
export function failOnce(message = 'planted by a test'): ScriptElement<never> {
  return { kind: 'fail-once', message }
}

interface SplitScript<T> {
  readonly elements: ScriptElement<T>[]
  /** How many of its waits a reader may pass. */
  released: number
  readonly failedAt: Set<number>
}

/** What a reader finds at a position of a split. */
export type ScriptStep<T> = ScriptElement<T> | 'end' | 'nothing yet'

/**
 * The outside world of a scripted source: what was sent to each split so far. It outlives every
 * failure of the job, so a restored reader finds the same elements at the same positions.
 *
 * ```ts
 * const input = new ScriptedInput<string>()
 * input.feed([record('a', 1), record('b', 2)])
 * input.end()
 * await env.fromSource(scriptedSource(input)).executeAndCollect() // => ['a', 'b']
 * ```
 */
export class ScriptedInput<T> {
  readonly #splits: readonly SplitScript<T>[]
  readonly #listeners = new Set<() => void>()
  #ended = false

  /** @param splitCount how many splits there are; fixed. Default 1 */
  constructor(splitCount = 1) {
    this.#splits = Array.from({ length: splitCount }, () => ({
      elements: [],
      released: 0,
      failedAt: new Set<number>(),
    }))
  }

  get splitCount(): number {
    return this.#splits.length
  }

  /** Appends elements to a split; readers see them at once. */
  feed(elements: readonly ScriptElement<T>[], split = 0): void {
    for (const element of elements) this.#split(split).elements.push(element)
    this.#tell()
  }

  /** Lets the readers pass the next `WAIT` of every split, also one they have not reached yet. */
  resume(): void {
    for (const split of this.#splits) split.released++
    this.#tell()
  }

  /** No element comes any more: readers end when they have read all. */
  end(): void {
    this.#ended = true
    this.#tell()
  }

  /** What stands at a position. For readers. @throws Error at a `failOnce`, once */
  at(split: number, position: number): ScriptStep<T> {
    const script = this.#split(split)
    const element = script.elements[position]
    if (element === undefined) return this.#ended ? 'end' : 'nothing yet'
    if (element.kind === 'wait' && this.#waitsBefore(split, position) >= script.released) {
      return 'nothing yet'
    }
    if (element.kind === 'fail-once' && !script.failedAt.has(position)) {
      script.failedAt.add(position)
      throw new Error(element.message)
    }
    return element
  }

  /** Calls `listener` whenever there may be something new. Returns the undo. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #waitsBefore(split: number, position: number): number {
    const before = this.#split(split).elements.slice(0, position)
    return before.filter((element) => element.kind === 'wait').length
  }

  #split(index: number): SplitScript<T> {
    const split = this.#splits[index]
    if (split === undefined) {
      throw new RangeError(`split ${index} of ${this.#splits.length}; splits count from 0`)
    }
    return split
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
