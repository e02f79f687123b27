import { broadcastProcessOperator } from '../../operator/broadcast/broadcast-process.ts'
import type {
  BroadcastDescriptor,
  BroadcastProcessFunction,
  KeyedBroadcastProcessFunction,
} from '../../operator/broadcast/broadcast-process-function.ts'
import { keyedBroadcastProcessOperator } from '../../operator/broadcast/keyed-broadcast-process.ts'
import type { KeySelector } from '../../operator/function/functions.ts'
import type { Transformation } from '../../plan/transformation.ts'
import type { BroadcastStream } from './broadcast-stream.ts'
import type { Program } from './program.ts'
import type { KeyedSide } from './stream-factory.ts'
import type {
  BroadcastConnectedStream,
  DataStream,
  KeyedBroadcastConnectedStream,
} from './streams.ts'

/** A broadcast partition with the states that are made of its records. */
export class BroadcastPartition<T> implements BroadcastStream<T> {
  readonly transformation: Transformation
  readonly broadcastStates: readonly BroadcastDescriptor[]

  constructor(transformation: Transformation, broadcastStates: readonly BroadcastDescriptor[]) {
    this.transformation = transformation
    this.broadcastStates = broadcastStates
  }
}

/** Records the operator over a stream and a broadcast stream. */
export class BroadcastConnection<T, B> implements BroadcastConnectedStream<T, B> {
  readonly #program: Program
  readonly #records: Transformation
  readonly #broadcast: BroadcastPartition<B>

  constructor(program: Program, records: Transformation, broadcast: BroadcastPartition<B>) {
    this.#program = program
    this.#records = records
    this.#broadcast = broadcast
  }

  process<R>(fn: BroadcastProcessFunction<T, B, R>): DataStream<R> {
    const { transformation, broadcastStates } = this.#broadcast
    const factory = broadcastProcessOperator(fn, broadcastStates)
    const body = { kind: 'two-input', factory: factory as never } as const
    const inputs = [this.#records, transformation]
    return this.#program.streams.stream(this.#program.add('Broadcast Process', body, inputs))
  }
}

/** Records the operator over a keyed stream and a broadcast stream. */
export class KeyedBroadcastConnection<K, T, B> implements KeyedBroadcastConnectedStream<K, T, B> {
  readonly #program: Program
  readonly #records: KeyedSide
  readonly #broadcast: BroadcastPartition<B>

  constructor(program: Program, records: KeyedSide, broadcast: BroadcastPartition<B>) {
    this.#program = program
    this.#records = records
    this.#broadcast = broadcast
  }

  process<R>(fn: KeyedBroadcastProcessFunction<K, T, B, R>): DataStream<R> {
    const { transformation, broadcastStates } = this.#broadcast
    const { keyed } = this.#records
    const keySelector = keyed.keySelector as unknown as KeySelector<T, K>
    const factory = keyedBroadcastProcessOperator(fn, keySelector, broadcastStates)
    const body = { kind: 'two-input', factory: factory as never } as const
    const inputs = [this.#records.transformation, transformation]
    return this.#program.streams.stream(
      this.#program.add('Keyed Broadcast Process', body, inputs, keyed),
    )
  }
}
