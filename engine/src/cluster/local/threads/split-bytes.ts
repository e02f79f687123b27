import { ByteReader } from '../../../base/byte-reader.ts'
import { ByteWriter } from '../../../base/byte-writer.ts'
import type { JobGraph } from '../../../plan/job-graph.ts'
import { plainData } from '../../../types/plain-data.ts'
import type { TypeInformation } from '../../../types/type-information.ts'

/**
 * Splits on their way to a reader in another thread, as bytes of the type that they have in
 * checkpoints: a structured copy would take instances of classes for plain objects.
 */
export class SplitBytes {
  readonly #graph: JobGraph

  constructor(graph: JobGraph) {
    this.#graph = graph
  }

  /** @throws TYPE_MISMATCH if a split is not of its source's type, or no plain data */
  encode(operatorId: string, splits: readonly unknown[]): readonly Uint8Array[] {
    const { serializer } = this.#typeOf(operatorId)
    return splits.map((split) => {
      const output = new ByteWriter()
      serializer.serialize(split, output)
      return output.toBytes()
    })
  }

  decode(operatorId: string, splits: readonly Uint8Array[]): readonly unknown[] {
    const { serializer } = this.#typeOf(operatorId)
    return splits.map((bytes) => serializer.deserialize(new ByteReader(bytes)))
  }

  #typeOf(operatorId: string): TypeInformation<unknown> {
    const head = this.#graph.vertices.find(({ id }) => id === operatorId)?.operators[0]
    const declared = head?.body.kind === 'source' ? head.body.source.splitType : undefined
    return declared ?? plainData()
  }
}
