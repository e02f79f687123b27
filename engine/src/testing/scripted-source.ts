import type {
  ReaderOutput,
  Source,
  SourceReader,
  SourceReaderContext,
  SplitEnumerator,
  SplitEnumeratorContext,
} from '../operator/source/source.ts'
import { type ScriptElement, ScriptedInput } from './scripted-input.ts'

/** A split of a scripted source and how far it was read. */
export interface ScriptedSplit {
  readonly index: number
  /** Index of the next element of the script. */
  readonly position: number
}

/** The splits that no reader has. */
export interface ScriptedEnumeratorState {
  readonly unassigned: readonly ScriptedSplit[]
}

/**
 * A source that reads what a test wrote: either a script per split, which makes it bounded, or a
 * {@link ScriptedInput}, which the test feeds while the job runs. A reader with several splits
 * takes from them in turn; each split has a watermark of its own.
 *
 * @example
 * ```ts
 * const source = scriptedSource([[record('a', 1), record('b', 4)], [record('c', 2)]])
 * await env.fromSource(source).executeAndCollect() // => ['a', 'b', 'c']
 * ```
 */
export function scriptedSource<T>(
  script: readonly (readonly ScriptElement<T>[])[] | ScriptedInput<T>,
): Source<T, ScriptedSplit, ScriptedEnumeratorState> {
  const input = script instanceof ScriptedInput ? script : bounded(script)
  return {
    boundedness: script instanceof ScriptedInput ? 'unbounded' : 'bounded',
    name: 'scripted source',
    splitId: splitIdOf,
    createEnumerator: (context, restored) =>
      new ScriptedEnumerator(context, restored?.unassigned ?? allSplits(input)),
    createReader: (context) => new ScriptedReader(context, input),
  }
}

function bounded<T>(scripts: readonly (readonly ScriptElement<T>[])[]): ScriptedInput<T> {
  const input = new ScriptedInput<T>(scripts.length)
  for (const [split, elements] of scripts.entries()) input.feed(elements, split)
  input.end()
  return input
}

function allSplits(input: ScriptedInput<unknown>): readonly ScriptedSplit[] {
  return Array.from({ length: input.splitCount }, (_, index) => ({ index, position: 0 }))
}

/**
 * Split i belongs to subtask i modulo parallelism, so that the same test always reads the same way;
 * a split that a subtask gave back goes to that subtask again.
 */
class ScriptedEnumerator implements SplitEnumerator<ScriptedSplit, ScriptedEnumeratorState> {
  readonly #context: SplitEnumeratorContext<ScriptedSplit>
  readonly #shares: ScriptedSplit[][]

  constructor(
    context: SplitEnumeratorContext<ScriptedSplit>,
    unassigned: readonly ScriptedSplit[],
  ) {
    this.#context = context
    this.#shares = Array.from({ length: context.parallelism }, (_, subtaskIndex) =>
      unassigned.filter((split) => split.index % context.parallelism === subtaskIndex),
    )
  }

  start(): void {}

  handleSplitRequest(subtaskIndex: number): void {
    const split = this.#shares[subtaskIndex]?.shift()
    if (split === undefined) this.#context.signalNoMoreSplits(subtaskIndex)
    else this.#context.assignSplit(split, subtaskIndex)
  }

  addSplitsBack(splits: readonly ScriptedSplit[], subtaskIndex: number): void {
    this.#shares[subtaskIndex]?.unshift(...splits)
  }

  addReader(): void {}

  snapshotState(): ScriptedEnumeratorState {
    return { unassigned: this.#shares.flat() }
  }

  close(): void {}
}

class ScriptedReader<T> implements SourceReader<T, ScriptedSplit> {
  readonly #context: SourceReaderContext
  readonly #input: ScriptedInput<T>
  readonly #unsubscribe: () => void
  #splits: ScriptedSplit[] = []
  #noMoreSplits = false
  #turn = 0

  constructor(context: SourceReaderContext, input: ScriptedInput<T>) {
    this.#context = context
    this.#input = input
    this.#unsubscribe = input.subscribe(() => context.wakeUp())
  }

  start(): void {
    this.#context.requestSplit()
  }

  addSplits(splits: readonly ScriptedSplit[]): void {
    this.#splits.push(...splits)
    // A script may never end, so a reader does not read one split after the other.
    this.#context.requestSplit()
    this.#context.wakeUp()
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true
    this.#context.wakeUp()
  }

  poll(output: ReaderOutput<T>, maxRecords: number): 'more' | 'waiting' | 'end' {
    for (let emitted = 0; emitted < maxRecords; emitted++) {
      if (!this.#emitNext(output)) {
        return this.#splits.length === 0 && this.#noMoreSplits ? 'end' : 'waiting'
      }
    }
    return 'more'
  }

  snapshotState(): readonly ScriptedSplit[] {
    return [...this.#splits]
  }

  close(): void {
    this.#unsubscribe()
  }

  /** Takes one element from the next split that has one. False if none has. */
  #emitNext(output: ReaderOutput<T>): boolean {
    for (let tried = this.#splits.length; tried > 0; tried--) {
      this.#turn %= this.#splits.length
      const split = this.#splits[this.#turn] as ScriptedSplit
      const element = this.#input.at(split.index, split.position)
      if (element === 'end') {
        this.#splits.splice(this.#turn, 1)
        output.releaseSplit(splitIdOf(split))
        continue
      }
      if (element === 'nothing yet') {
        this.#turn++
        continue
      }
      this.#splits[this.#turn] = { ...split, position: split.position + 1 }
      this.#turn++
      output.forSplit(splitIdOf(split))
      emit(element, split, output)
      return true
    }
    return false
  }
}

function splitIdOf(split: ScriptedSplit): string {
  return `split-${split.index}`
}

function emit<T>(element: ScriptElement<T>, split: ScriptedSplit, output: ReaderOutput<T>): void {
  if (element.kind === 'record') output.collect(element.value, element.timestampMs)
  if (element.kind === 'malformed') {
    const origin = `split ${split.index}, position ${split.position}`
    output.malformed(element.record, origin, new Error(element.cause))
  }
}
