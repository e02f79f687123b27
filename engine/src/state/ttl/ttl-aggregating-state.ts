import type { AggregatingState } from '../keyed-state.ts'
import type { AggregateFunction } from '../state-descriptor.ts'
import type { TtlCell } from './ttl-cell.ts'

/** {@link AggregatingState} whose accumulator lives for a time from the last value added on. */
export class TtlAggregatingState<IN, ACC, OUT> implements AggregatingState<IN, OUT> {
  readonly #cell: TtlCell<ACC, OUT>
  readonly #aggregate: AggregateFunction<IN, ACC, OUT>

  constructor(cell: TtlCell<ACC, OUT>, aggregate: AggregateFunction<IN, ACC, OUT>) {
    this.#cell = cell
    this.#aggregate = aggregate
  }

  get(): OUT | undefined {
    const accumulator = this.#cell.read()
    return accumulator === undefined ? undefined : this.#aggregate.getResult(accumulator)
  }

  add(value: IN): void {
    const aggregate = this.#aggregate
    this.#cell.fold((accumulator) =>
      aggregate.add(value, accumulator === undefined ? aggregate.createAccumulator() : accumulator),
    )
  }

  clear(): void {
    this.#cell.clear()
  }
}
