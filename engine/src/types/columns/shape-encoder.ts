import { RECORD_BATCH_CAPACITY } from '../../core/record-batch.ts'
import type { GatherColumns, LeafKind, ShapeGatherer, ShapeMatcher } from './column-kind.ts'
import type { ColumnWriter } from './column-writer.ts'
import { generatedLoops } from './generated-loops.ts'
import { leafCount, type ShapeNode } from './record-shape.ts'

/** Gathers the columns of records of one shape, and writes them. */
export class ShapeEncoder {
  readonly id: number
  readonly node: ShapeNode
  readonly matches: ShapeMatcher
  /** True if every value has the shape: records are values of one column. */
  readonly isWhole: boolean
  readonly #loops: ReturnType<typeof generatedLoops>
  readonly #leaves: number
  #kinds: LeafKind[] | undefined
  #gather: ShapeGatherer | undefined
  #columns: GatherColumns | undefined
  #capacity = RECORD_BATCH_CAPACITY

  constructor(id: number, node: ShapeNode) {
    this.id = id
    this.node = node
    this.isWhole = node.kind === 'leaf'
    this.#loops = generatedLoops(node)
    this.matches = this.#loops.matches
    this.#leaves = leafCount(node)
  }

  /** Writes the columns of `count` rows that all have the shape. */
  encode(rows: readonly unknown[], count: number, output: ColumnWriter): void {
    const columns = this.#columnsFor(count)
    const kinds = this.#gatherInto(columns, rows, count)
    for (let leaf = 0; leaf < kinds.length; leaf++) {
      switch (kinds[leaf]) {
        case 'number':
          output.numbers(
            columns.doubles[leaf] as Float64Array,
            count,
            columns.integers[leaf] as boolean,
          )
          break
        case 'string':
          output.strings(columns.joined[leaf] as string, columns.ends[leaf] as Int32Array, count)
          break
        case 'boolean':
          output.booleans(columns.bits[leaf] as Uint8Array, count)
          break
        default:
          output.values(columns.values[leaf] as unknown[], count)
      }
    }
  }

  /** A leaf that turns out to be of several kinds is gathered as any value from then on. */
  #gatherInto(
    columns: GatherColumns,
    rows: readonly unknown[],
    count: number,
  ): readonly LeafKind[] {
    this.#kinds ??= this.#kindsOf(rows[0], columns)
    for (;;) {
      this.#gather ??= this.#loops.gatherer(this.#kinds)
      const refused = this.#gather(rows, count, columns)
      if (refused < 0) return this.#kinds
      this.#kinds[refused] = 'any'
      this.#gather = undefined
    }
  }

  #kindsOf(row: unknown, columns: GatherColumns): LeafKind[] {
    const any = this.#loops.gatherer(new Array<LeafKind>(this.#leaves).fill('any'))
    any([row], 1, columns)
    return columns.values.map(([value]) => {
      const kind = typeof value
      return kind === 'number' || kind === 'string' || kind === 'boolean' ? kind : 'any'
    })
  }

  #columnsFor(count: number): GatherColumns {
    if (this.#columns !== undefined && count <= this.#capacity) return this.#columns
    this.#capacity = Math.max(this.#capacity, count)
    const each = <C>(make: () => C): C[] => Array.from({ length: this.#leaves }, make)
    this.#columns = {
      doubles: each(() => new Float64Array(this.#capacity)),
      ends: each(() => new Int32Array(this.#capacity)),
      bits: each(() => new Uint8Array(this.#capacity)),
      values: each(() => []),
      joined: each(() => ''),
      integers: each(() => true),
    }
    return this.#columns
  }
}
