import type { ByteReader } from '../../base/byte-reader.ts'
import type { ByteWriter } from '../../base/byte-writer.ts'
import type { SerializerSnapshot, TypeSerializer } from '../../types/type-serializer.ts'

/** A value in state with the time at which its life began. */
export class Stamped<V> {
  value: V
  /** Milliseconds of processing or event time; the lowest watermark if it is not known yet. */
  atMs: number

  constructor(value: V, atMs: number) {
    this.value = value
    this.atMs = atMs
  }
}

/** The kind of {@link StampedSerializer} in snapshots. */
export const STAMPED_KIND = 'stamped'

/** Writes a stamped value: its time (f64), and the value as its own serializer writes it. */
export class StampedSerializer<V> implements TypeSerializer<Stamped<V>> {
  readonly snapshot: SerializerSnapshot
  readonly #values: TypeSerializer<V>
  readonly #nowMs: () => number

  /** @param nowMs the time that values get which were written without one */
  constructor(values: TypeSerializer<V>, nowMs: () => number) {
    this.#values = values
    this.#nowMs = nowMs
    this.snapshot = { kind: STAMPED_KIND, version: 1, parameters: { value: values.snapshot } }
  }

  serialize(stamped: Stamped<V>, output: ByteWriter): void {
    output.f64(stamped.atMs)
    this.#values.serialize(stamped.value, output)
  }

  deserialize(input: ByteReader): Stamped<V> {
    const atMs = input.f64()
    return new Stamped(this.#values.deserialize(input), atMs)
  }

  /**
   * Reads what was written before the state had a time to live.
   * @param judge finds the reader of the older values, or throws INCOMPATIBLE_STATE
   */
  readerOfPlain(
    judge: (values: TypeSerializer<V>) => TypeSerializer<V>,
  ): TypeSerializer<Stamped<V>> {
    const values = judge(this.#values)
    return {
      snapshot: this.snapshot,
      serialize: (stamped, output) => this.serialize(stamped, output),
      deserialize: (input) => new Stamped(values.deserialize(input), this.#nowMs()),
    }
  }
}

/** Reads what was written when the state had a time to live, and drops the time. */
export function unstampedReader<V>(values: TypeSerializer<V>): TypeSerializer<V> {
  return {
    snapshot: values.snapshot,
    serialize: (value, output) => values.serialize(value, output),
    deserialize: (input) => {
      input.f64()
      return values.deserialize(input)
    },
  }
}
