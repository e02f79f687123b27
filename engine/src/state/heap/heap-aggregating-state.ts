import type { AggregatingState } from '../keyed-state.ts'
import type { Namespace } from '../namespace.ts'
import type { AggregateFunction } from '../state-descriptor.ts'
import type { HeapTable } from './heap-table.ts'

/** {@link AggregatingState} over a table of accumulators. */
export class HeapAggregatingState<IN, ACC, OUT> implements AggregatingState<IN, OUT> {
  readonly #table: HeapTable<ACC>
  readonly #namespace: Namespace
  readonly #aggregate: AggregateFunction<IN, ACC, OUT>
  readonly #fold: (accumulator: ACC | undefined, input: IN) => ACC

  constructor(
    table: HeapTable<ACC>,
    namespace: Namespace,
    aggregate: AggregateFunction<IN, ACC, OUT>,
  ) {
    this.#table = table
    this.#namespace = namespace
    this.#aggregate = aggregate
    this.#fold = (accumulator, input) =>
      aggregate.add(input, accumulator === undefined ? aggregate.createAccumulator() : accumulator)
  }

  get(): OUT | undefined {
    const accumulator = this.#table.get(this.#namespace)
    return accumulator === undefined ? undefined : this.#aggregate.getResult(accumulator)
  }

  add(value: IN): void {
    this.#table.fold(this.#namespace, value, this.#fold)
  }

  clear(): void {
    this.#table.remove(this.#namespace)
  }
}
