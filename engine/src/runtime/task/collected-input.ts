import type { Counter } from '../../core/metrics.ts'
import { RECORD_BATCH_CAPACITY, RecordBatch } from '../../core/record-batch.ts'
import type { KeySelector } from '../../operator/function/functions.ts'
import type { OneInputOperator, TwoInputOperator } from '../../operator/operator.ts'
import type { JobVertex } from '../../plan/job-graph.ts'
import type { ChainLink } from './chain-link.ts'
import { KeyOrderedRecords, type KeyRun } from './key-ordered-records.ts'

/** Reads the key of a record; undefined for an input that is not keyed. */
type Selector = ((value: unknown) => unknown) | undefined

/**
 * What comes in to a task in BATCH whose first operator needs all of it before the first record.
 *
 * A keyed operator gets its records one key at a time, in order of key and time, and is told of the
 * end of each key, so that at most one key has state. An operator with a broadcast input gets all
 * of that before the first record of the other: it is not collected, but processed as it comes. The
 * other, if it is not keyed, keeps its order.
 *
 * Records lie in memory by reference until the last of them was fed.
 */
export class CollectedInput {
  readonly #link: ChainLink
  readonly #isKeyed: boolean
  readonly #selectors: readonly [Selector, Selector]
  readonly #process: readonly ((batch: RecordBatch) => void)[]
  readonly #recordsIn: Counter
  readonly #batch = new RecordBatch()
  #records = new KeyOrderedRecords()
  /** Which input each record came from, if both are collected. */
  readonly #sides: (0 | 1)[] | undefined
  #runs: readonly KeyRun[] = []
  /** The run that is fed, and how many records were fed in all. */
  #run = 0
  #fed = 0

  /** @param selectors the second is there if the second input is collected too */
  constructor(link: ChainLink, selectors: readonly [Selector, Selector]) {
    const [first, second] = selectors
    this.#link = link
    this.#selectors = selectors
    this.#isKeyed = first !== undefined
    this.#sides = second === undefined ? undefined : []
    this.#process = processors(link)
    this.#recordsIn = link.metrics.counter('numRecordsIn')
  }

  /** False if records of this input are processed as they come. */
  collects(inputIndex: 0 | 1): boolean {
    return inputIndex === 0 || this.#sides !== undefined
  }

  /** Takes a batch of an input that is collected. */
  add(inputIndex: 0 | 1, batch: RecordBatch): void {
    const { values, timestamps, length } = batch
    const records = this.#records
    const selector = this.#selectors[inputIndex]
    for (let i = 0; i < length; i++) {
      const value = values[i]
      records.add(selector && keyOrNone(selector, value), value, timestamps[i] as number)
      this.#sides?.push(inputIndex)
    }
  }

  /** All inputs have ended: from here on records are fed. */
  sort(): void {
    this.#runs = this.#records.sort()
  }

  /** Feeds about as many records as a batch holds. @returns false when there was none left */
  feed(): boolean {
    const { operator, output } = this.#link
    const total = this.#records.order.length
    if (this.#fed === total) return false
    const stop = Math.min(this.#fed + RECORD_BATCH_CAPACITY, total)
    this.#recordsIn.add(stop - this.#fed)
    while (this.#fed < stop) {
      const { end } = this.#runs[this.#run] as KeyRun
      this.#feedUpTo(Math.min(end, stop))
      if (this.#fed < end) break
      if (this.#isKeyed) operator.endKey?.()
      this.#run++
    }
    output.flush()
    if (this.#fed === total) this.#release()
    return true
  }

  #feedUpTo(end: number): void {
    const { order, values, timestamps } = this.#records
    const batch = this.#batch
    while (this.#fed < end) {
      const side = this.#sideOf(this.#fed)
      let length = 0
      for (; this.#fed < end && this.#sideOf(this.#fed) === side; this.#fed++) {
        const record = order[this.#fed] as number
        batch.values[length] = values[record]
        batch.timestamps[length] = timestamps[record] as number
        length++
      }
      batch.length = length
      this.#process[side]?.(batch)
    }
  }

  #sideOf(position: number): 0 | 1 {
    return this.#sides?.[this.#records.order[position] as number] ?? 0
  }

  #release(): void {
    this.#records = new KeyOrderedRecords()
    this.#runs = []
    this.#fed = 0
  }
}

/**
 * What a task in BATCH collects of its input; undefined if its records are processed as they come.
 */
export function collectedInput(head: ChainLink, vertex: JobVertex): CollectedInput | undefined {
  const { keyed, body } = head.node
  if (keyed !== undefined) {
    return new CollectedInput(head, [
      selectorOf(keyed.keySelector),
      keyed.secondKeySelector && selectorOf(keyed.secondKeySelector),
    ])
  }
  const second = vertex.inputs.filter(({ edge }) => edge.inputIndex === 1)
  const isBroadcast = second.every(({ edge }) => edge.partitioning.kind === 'broadcast')
  return body.kind === 'two-input' && isBroadcast
    ? new CollectedInput(head, [undefined, undefined])
    : undefined
}

function selectorOf(selector: KeySelector<never, unknown>): Selector {
  return selector as (value: unknown) => unknown
}

/** A record whose key cannot be read goes to the operator, which treats it as a record error. */
function keyOrNone(selector: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return selector(value)
  } catch {
    return undefined
  }
}

function processors({ node, operator }: ChainLink): readonly ((batch: RecordBatch) => void)[] {
  if (node.body.kind === 'two-input') {
    const two = operator as TwoInputOperator<unknown, unknown>
    return [(batch) => two.processBatch1(batch), (batch) => two.processBatch2(batch)]
  }
  const one = operator as OneInputOperator<unknown>
  return [(batch) => one.processBatch(batch)]
}
