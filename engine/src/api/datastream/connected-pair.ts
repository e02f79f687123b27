import type {
  CoFlatMapFunction,
  CoMapFunction,
  KeySelector,
} from '../../operator/function/functions.ts'
import type { OperatorFactory, TwoInputOperator } from '../../operator/operator.ts'
import type {
  CoProcessFunction,
  KeyedCoProcessFunction,
} from '../../operator/process/co-process-function.ts'
import { coFlatMapOperator } from '../../operator/two-input/co-flat-map.ts'
import { coMapOperator } from '../../operator/two-input/co-map.ts'
import { coProcessOperator } from '../../operator/two-input/co-process.ts'
import { keyedCoProcessOperator } from '../../operator/two-input/keyed-co-process.ts'
import type { KeySelectors } from '../../operator/two-input/two-input-record-operator.ts'
import type { KeyedInput, Transformation } from '../../plan/transformation.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { Program } from './program.ts'
import { type KeyedSide, keyOfBoth } from './stream-factory.ts'
import type { ConnectedStreams, DataStream, KeyedConnectedStreams } from './streams.ts'

/** Records the operator over two connected streams. */
export class ConnectedPair<A, B> implements ConnectedStreams<A, B> {
  readonly #program: Program
  readonly #left: Transformation
  readonly #right: Transformation

  constructor(program: Program, left: Transformation, right: Transformation) {
    this.#program = program
    this.#left = left
    this.#right = right
  }

  map<R>(fn: CoMapFunction<A, B, R>): DataStream<R> {
    return this.#apply('Co-Map', coMapOperator(fn))
  }

  flatMap<R>(fn: CoFlatMapFunction<A, B, R>): DataStream<R> {
    return this.#apply('Co-Flat Map', coFlatMapOperator(fn))
  }

  process<R>(fn: CoProcessFunction<A, B, R>): DataStream<R> {
    return this.#apply('Co-Process', coProcessOperator(fn))
  }

  keyBy<K>(
    left: KeySelector<A, K>,
    right: KeySelector<B, K>,
    keyType?: TypeInformation<K>,
  ): KeyedConnectedStreams<K, A, B> {
    const side = (input: Transformation, selector: KeySelector<never, K>): KeyedSide => {
      const keyed: KeyedInput = { keySelector: selector, keyType: keyType as never }
      const body = {
        kind: 'partition',
        partitioning: { kind: 'hash', keySelector: selector },
      } as const
      return { transformation: this.#program.add('Partition', body, [input]), keyed }
    }
    return this.#program.streams.keyedConnected(
      side(this.#left, left as never),
      side(this.#right, right as never),
    )
  }

  #apply<R>(name: string, factory: OperatorFactory<TwoInputOperator<A, B>>): DataStream<R> {
    return addTwoInput(this.#program, name, factory, [this.#left, this.#right], undefined)
  }
}

/** Records the operator over two streams that are connected by key. */
export class KeyedConnectedPair<K, A, B> implements KeyedConnectedStreams<K, A, B> {
  readonly #program: Program
  readonly #left: KeyedSide
  readonly #right: KeyedSide

  constructor(program: Program, left: KeyedSide, right: KeyedSide) {
    this.#program = program
    this.#left = left
    this.#right = right
  }

  map<R>(fn: CoMapFunction<A, B, R>): DataStream<R> {
    return this.#apply('Co-Map', coMapOperator(fn, this.#selectors()))
  }

  flatMap<R>(fn: CoFlatMapFunction<A, B, R>): DataStream<R> {
    return this.#apply('Co-Flat Map', coFlatMapOperator(fn, this.#selectors()))
  }

  process<R>(fn: KeyedCoProcessFunction<K, A, B, R>): DataStream<R> {
    return this.#apply('Co-Process', keyedCoProcessOperator(fn, this.#selectors()))
  }

  #selectors(): KeySelectors<K, A, B> {
    return [
      this.#left.keyed.keySelector as unknown as KeySelector<A, K>,
      this.#right.keyed.keySelector as unknown as KeySelector<B, K>,
    ]
  }

  #apply<R>(name: string, factory: OperatorFactory<TwoInputOperator<A, B>>): DataStream<R> {
    const inputs = [this.#left.transformation, this.#right.transformation]
    return addTwoInput(this.#program, name, factory, inputs, keyOfBoth(this.#left, this.#right))
  }
}

function addTwoInput<A, B, R>(
  program: Program,
  name: string,
  factory: OperatorFactory<TwoInputOperator<A, B>>,
  inputs: readonly Transformation[],
  keyed: KeyedInput | undefined,
): DataStream<R> {
  const body = { kind: 'two-input', factory: factory as never } as const
  return program.streams.stream(program.add(name, body, inputs, keyed))
}
