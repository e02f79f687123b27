import { BinaryHeap } from '../../base/binary-heap.ts'
import type { NamespaceView, StateTable } from '../../state/keyed-state-backend.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import type { OperatorContext } from '../operator-context.ts'
import { windowStartOf } from '../window/window-start.ts'

/** The records of one key in one stretch of time, in the order of arrival. */
export interface BufferedRecords<T> {
  readonly timestamps: number[]
  readonly values: T[]
}

interface Stretch<T> {
  readonly startMs: number
  readonly view: NamespaceView<BufferedRecords<T>>
  /** The latest timestamp in it, of any key. */
  lastMs: number
}

/** What an {@link IntervalBuffer} is made with. */
export interface IntervalBufferOptions<T> {
  /** Name of the state. */
  readonly name: string
  readonly type: TypeInformation<T> | undefined
  /** How long one stretch is; a partner of a record is in two neighbouring ones at most. */
  readonly stretchMs: number
  /** How long after its timestamp a record may still find a partner; negative if never after. */
  readonly keepMs: number
}

/**
 * The records of one side of an interval join that may still find a partner.
 *
 * Time is cut into stretches; each is a namespace of the state table that holds a list per key. So
 * a record looks at the lists that can hold partners only, and what the watermark has passed is
 * given up a stretch at a time: no timers, and no scan of what stays.
 */
export class IntervalBuffer<T> {
  readonly #table: StateTable<BufferedRecords<T>>
  readonly #stretchMs: number
  readonly #keepMs: number
  readonly #stretches = new Map<number, Stretch<T>>()
  readonly #oldest = new BinaryHeap<Stretch<T>>(startsBefore)

  /** Finds the restored stretches; to be made in `initializeState`. */
  constructor(context: OperatorContext, options: IntervalBufferOptions<T>) {
    this.#stretchMs = options.stretchMs
    this.#keepMs = options.keepMs
    this.#table = context.keyedState.table(options.name, bufferedType(options.type))
    for (const namespace of [...this.#table.namespaces()]) {
      const stretch = this.#stretch(namespace as number)
      stretch.view.forEach((_key, { timestamps }) => {
        for (const timestampMs of timestamps) {
          if (timestampMs > stretch.lastMs) stretch.lastMs = timestampMs
        }
      })
    }
  }

  /** The start of the stretch that holds a time. */
  startOf(timestampMs: number): number {
    return windowStartOf(timestampMs, 0, this.#stretchMs)
  }

  /** The records of a key in the stretch that starts there; not to be changed. */
  at(startMs: number, key: unknown): BufferedRecords<T> | undefined {
    return this.#stretches.get(startMs)?.view.get(key)
  }

  /** Keeps a record, if the watermark leaves it a chance of a partner. */
  add(key: unknown, value: T, timestampMs: number, watermarkMs: number): void {
    if (timestampMs + this.#keepMs <= watermarkMs) return
    const stretch = this.#stretch(this.startOf(timestampMs))
    if (timestampMs > stretch.lastMs) stretch.lastMs = timestampMs
    const records = stretch.view.get(key)
    if (records === undefined) {
      stretch.view.put(key, { timestamps: [timestampMs], values: [value] })
      return
    }
    // The view hands out what no open snapshot still has to write, so it may grow in place.
    records.timestamps.push(timestampMs)
    records.values.push(value)
    stretch.view.put(key, records)
  }

  /** Gives up the stretches none of whose records can find a partner any more. */
  expire(watermarkMs: number): void {
    for (;;) {
      const stretch = this.#oldest.peek()
      if (stretch === undefined || stretch.lastMs + this.#keepMs > watermarkMs) return
      this.#oldest.pop()
      this.#stretches.delete(stretch.startMs)
      this.#table.removeNamespace(stretch.startMs)
    }
  }

  /** Gives up everything. */
  clear(): void {
    this.expire(Number.POSITIVE_INFINITY)
  }

  #stretch(startMs: number): Stretch<T> {
    const known = this.#stretches.get(startMs)
    if (known !== undefined) return known
    const view = this.#table.namespace(startMs)
    const stretch = { startMs, view, lastMs: Number.NEGATIVE_INFINITY }
    this.#stretches.set(startMs, stretch)
    this.#oldest.push(stretch)
    return stretch
  }
}

/** Stretches do not overlap, so this is the order of their last timestamps too. */
function startsBefore<T>(left: Stretch<T>, right: Stretch<T>): boolean {
  return left.startMs < right.startMs
}

function bufferedType<T>(
  type: TypeInformation<T> | undefined,
): TypeInformation<BufferedRecords<T>> | undefined {
  return type && types.row({ timestamps: types.array(types.number), values: types.array(type) })
}
