import { RECORD_BATCH_CAPACITY } from '../../core/record-batch.ts'
import {
  type GatherColumns,
  type LeafKind,
  OTHER_SHAPE,
  type ShapeGatherer,
  type ShapeMatcher,
} from './column-kind.ts'
import type { ColumnWriter } from './column-writer.ts'
import { generatedLoops } from './generated-loops.ts'
import { leafCount, type ShapeNode } from './record-shape.ts'

/** As what a leaf is gathered that turned out to have other values than those of its kind. */
const WIDER: Readonly<Record<LeafKind, LeafKind>> = {
  int: 'number',
  number: 'any',
  same: 'string',
  string: 'any',
  boolean: 'any',
  any: 'any',
}

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

  /**
   * Gathers the columns of `count` rows.
   * @param isMatched true if the rows are known to have the shape
   * @returns false if one has another shape
   */
  gather(rows: readonly unknown[], count: number, isMatched: boolean): boolean {
    const columns = this.#columnsFor(count)
    this.#kinds ??= this.#kindsOf(rows, count, columns)
    for (;;) {
      this.#gather ??= this.#loops.gatherer(this.#kinds)
      const refused = this.#gather(rows, count, columns, isMatched)
      if (refused === OTHER_SHAPE) return false
      if (refused < 0) return true
      this.#kinds[refused] = WIDER[this.#kinds[refused] as LeafKind]
      this.#gather = undefined
    }
  }

  /** Writes the columns of the `count` rows that were gathered last. */
  write(count: number, output: ColumnWriter): void {
    const columns = this.#columns as GatherColumns
    const kinds = this.#kinds as readonly LeafKind[]
    for (let leaf = 0; leaf < kinds.length; leaf++) {
      switch (kinds[leaf]) {
        case 'int':
          output.ints(columns.ints[leaf] as Int32Array, count)
          break
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
        case 'same':
          output.same(columns.joined[leaf] as string)
          break
        case 'boolean':
          output.booleans(columns.bits[leaf] as Uint8Array, count)
          break
        default:
          output.values(columns.values[leaf] as unknown[], count)
      }
    }
  }

  /** The kinds of the leaves, by the first row and the last. They only ever get wider. */
  #kindsOf(rows: readonly unknown[], count: number, columns: GatherColumns): LeafKind[] {
    const any = this.#loops.gatherer(new Array<LeafKind>(this.#leaves).fill('any'))
    any([rows[0]], 1, columns, true)
    const first = columns.values.map(([value]) => value)
    const isAlike = count > 1 && any([rows[count - 1]], 1, columns, false) !== OTHER_SHAPE
    return first.map((value, leaf) => {
      const kind = typeof value
      if (kind === 'number') return Object.is((value as number) | 0, value) ? 'int' : 'number'
      if (kind === 'boolean') return kind
      if (kind !== 'string') return 'any'
      return isAlike && columns.values[leaf]?.[0] === value ? 'same' : 'string'
    })
  }

  #columnsFor(count: number): GatherColumns {
    if (this.#columns !== undefined && count <= this.#capacity) return this.#columns
    this.#capacity = Math.max(this.#capacity, count)
    const each = <C>(make: () => C): C[] => Array.from({ length: this.#leaves }, make)
    this.#columns = {
      ints: each(() => new Int32Array(this.#capacity)),
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
