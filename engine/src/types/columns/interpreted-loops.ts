import {
  type BuildColumns,
  type GatherColumns,
  type LeafKind,
  OTHER_SHAPE,
  type ReadKind,
  type ShapeBuilder,
  type ShapeGatherer,
  type ShapeLoops,
} from './column-kind.ts'
import { leafCount, type ShapeNode } from './record-shape.ts'

/**
 * The loops of a shape by walking it for every record: the plain twin of the generated ones, for
 * platforms that forbid generated code and for names that code may not contain.
 */
export function interpretedLoops(shape: ShapeNode): ShapeLoops {
  return {
    matches: (value) => matches(shape, value),
    gatherer: (kinds) => gatherer(shape, kinds),
    builder: (kinds) => builder(shape, kinds),
  }
}

function matches(node: ShapeNode, value: unknown): boolean {
  switch (node.kind) {
    case 'leaf':
      return !node.wasEmpty || typeof value !== 'object' || value === null
    case 'tuple': {
      if (!Array.isArray(value) || value.length !== node.items.length) return false
      return node.items.every((item, index) => matches(item, value[index]))
    }
    case 'object': {
      if (typeof value !== 'object' || value === null) return false
      if (Object.getPrototypeOf(value) !== Object.prototype) return false
      const names = Object.keys(value)
      if (names.length !== node.fields.length) return false
      const read = value as Readonly<Record<string, unknown>>
      return node.fields.every(
        ([name, field], index) => names[index] === name && matches(field, read[name]),
      )
    }
  }
}

function gatherer(shape: ShapeNode, kinds: readonly LeafKind[]): ShapeGatherer {
  return (rows, count, columns, isMatched) => {
    columns.joined.fill('')
    columns.integers.fill(true)
    for (let row = 0; row < count; row++) {
      if (!isMatched && !matches(shape, rows[row])) return OTHER_SHAPE
      const values: unknown[] = []
      collectLeaves(shape, rows[row], values)
      for (let leaf = 0; leaf < values.length; leaf++) {
        if (!put(columns, kinds[leaf] as LeafKind, leaf, row, values[leaf])) return leaf
      }
    }
    return -1
  }
}

function collectLeaves(node: ShapeNode, value: unknown, leaves: unknown[]): void {
  switch (node.kind) {
    case 'leaf':
      leaves.push(value)
      return
    case 'tuple':
      node.items.forEach((item, index) => {
        collectLeaves(item, (value as readonly unknown[])[index], leaves)
      })
      return
    case 'object':
      for (const [name, field] of node.fields) {
        collectLeaves(field, (value as Readonly<Record<string, unknown>>)[name], leaves)
      }
  }
}

/** Puts a value into its column; false if it is not of the column's kind. */
function put(
  columns: GatherColumns,
  kind: LeafKind,
  leaf: number,
  row: number,
  value: unknown,
): boolean {
  switch (kind) {
    case 'int': {
      if (typeof value !== 'number' || !Object.is(value | 0, value)) return false
      const target = columns.ints[leaf] as Int32Array
      target[row] = value
      return true
    }
    case 'number': {
      if (typeof value !== 'number') return false
      const target = columns.doubles[leaf] as Float64Array
      target[row] = value
      if (!Object.is(value | 0, value)) columns.integers[leaf] = false
      return true
    }
    case 'string': {
      if (typeof value !== 'string') return false
      columns.joined[leaf] += value
      const ends = columns.ends[leaf] as Int32Array
      ends[row] = (columns.joined[leaf] as string).length
      return true
    }
    case 'same': {
      if (typeof value !== 'string') return false
      if (row === 0) columns.joined[leaf] = value
      return value === columns.joined[leaf]
    }
    case 'boolean': {
      if (typeof value !== 'boolean') return false
      const target = columns.bits[leaf] as Uint8Array
      target[row] = value ? 1 : 0
      return true
    }
    case 'any': {
      const target = columns.values[leaf] as unknown[]
      target[row] = value
      return true
    }
  }
}

function builder(shape: ShapeNode, kinds: readonly ReadKind[]): ShapeBuilder {
  return (count, columns, rows) => {
    for (let row = 0; row < count; row++) rows[row] = build(shape, 0, row, kinds, columns)
  }
}

function build(
  node: ShapeNode,
  firstLeaf: number,
  row: number,
  kinds: readonly ReadKind[],
  columns: BuildColumns,
): unknown {
  if (node.kind === 'leaf') return read(kinds[firstLeaf] as ReadKind, firstLeaf, row, columns)
  let leaf = firstLeaf
  const next = (part: ShapeNode): unknown => {
    const value = build(part, leaf, row, kinds, columns)
    leaf += leafCount(part)
    return value
  }
  if (node.kind === 'tuple') return node.items.map(next)
  return Object.fromEntries(node.fields.map(([name, field]) => [name, next(field)]))
}

function read(kind: ReadKind, leaf: number, row: number, columns: BuildColumns): unknown {
  const start = columns.starts[leaf] as number
  switch (kind) {
    case 'int':
      return columns.ints[start + row]
    case 'double':
      return columns.doubles[start + row]
    case 'boolean':
      return columns.bytes[start + row] === 1
    case 'array':
      return columns.arrays[leaf]?.[row]
    case 'same':
      return columns.arrays[leaf]?.[0]
  }
}
