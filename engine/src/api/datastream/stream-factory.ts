import type { Iteration } from '../../operator/iterate/iteration.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import type { KeyedInput, Transformation } from '../../plan/transformation.ts'
import type {
  ConnectedStreams,
  DataStream,
  IterativeStream,
  KeyedConnectedStreams,
  KeyedStream,
  WindowedStream,
} from './streams.ts'

/**
 * Makes the streams of a program. The classes behind the stream interfaces make each other through
 * it, so that none of them imports another that imports it.
 */
export interface StreamFactory {
  stream<T>(transformation: Transformation): DataStream<T>
  /** @param transformation a hash partition by the same key */
  keyed<T, K>(transformation: Transformation, keyed: KeyedInput): KeyedStream<T, K>
  windowed<T, K, W extends Window>(
    transformation: Transformation,
    keyed: KeyedInput,
    assigner: WindowAssigner<T, W>,
  ): WindowedStream<T, K, W>
  connected<A, B>(left: Transformation, right: Transformation): ConnectedStreams<A, B>
  iterative<T>(head: Transformation, iteration: Iteration<T>): IterativeStream<T>
  keyedConnected<K, A, B>(left: KeyedSide, right: KeyedSide): KeyedConnectedStreams<K, A, B>
}

/** One side of a keyed pair: a hash partition, and its key. */
export interface KeyedSide {
  readonly transformation: Transformation
  readonly keyed: KeyedInput
}

/** The key of an operator with two keyed inputs, whose keys share one state. */
export function keyOfBoth(left: KeyedSide, right: KeyedSide): KeyedInput {
  return { ...left.keyed, secondKeySelector: right.keyed.keySelector }
}
