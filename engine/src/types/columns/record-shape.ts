import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { isPlainObject } from '../ordered-encoding.ts'
import { isUnsafeField } from '../unsafe-field.ts'

/** The structure of a record: which fields it has, in which order, and where its values are. */
export type ShapeNode =
  /**
   * A value that becomes an entry of a column: whatever is neither object nor short array. One that
   * `wasEmpty`, null or undefined, when the shape was observed stands for no object: where there is
   * one it has columns of its own, in another shape.
   */
  | { readonly kind: 'leaf'; readonly wasEmpty: boolean }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, ShapeNode])[] }
  | { readonly kind: 'tuple'; readonly items: readonly ShapeNode[] }

/** Deeper parts of a record are single values of a column. */
const MAX_SHAPE_DEPTH = 4

/** Objects with more fields, and longer arrays, are single values of a column. */
const MAX_PARTS = 64

/** Arrays up to this length are laid out by position, as tuples. */
const MAX_TUPLE_LENGTH = 4

/** The longest text of a shape that is taken from bytes. */
export const MAX_SHAPE_TEXT_LENGTH = 65_536

/** The structure that every value has. */
export const LEAF: ShapeNode = Object.freeze({ kind: 'leaf', wasEmpty: false })

const EMPTY_LEAF: ShapeNode = Object.freeze({ kind: 'leaf', wasEmpty: true })

/** The structure of a value. Two values of the same structure can share columns. */
export function shapeOf(value: unknown, depth: number = 0): ShapeNode {
  if (depth === MAX_SHAPE_DEPTH) return LEAF
  if (value === null || value === undefined) return depth === 0 ? LEAF : EMPTY_LEAF
  if (typeof value !== 'object') return LEAF
  if (Array.isArray(value)) {
    // A tuple has no holes and nothing beside its items.
    const isTuple = value.length <= MAX_TUPLE_LENGTH && Object.keys(value).length === value.length
    if (!isTuple) return LEAF
    return { kind: 'tuple', items: value.map((item) => shapeOf(item, depth + 1)) }
  }
  if (!isPlainObject(value) || Object.getPrototypeOf(value) === null) return LEAF
  const names = Object.keys(value)
  if (names.length > MAX_PARTS || names.some(isUnsafeField)) return LEAF
  const read = value as Readonly<Record<string, unknown>>
  return { kind: 'object', fields: names.map((name) => [name, shapeOf(read[name], depth + 1)]) }
}

/** The number of columns that records of a shape have. */
export function leafCount(node: ShapeNode): number {
  switch (node.kind) {
    case 'leaf':
      return 1
    case 'object':
      return node.fields.reduce((sum, [, field]) => sum + leafCount(field), 0)
    case 'tuple':
      return node.items.reduce((sum, item) => sum + leafCount(item), 0)
  }
}

/** A shape as text; equal shapes have equal texts. */
export function shapeText(node: ShapeNode): string {
  return JSON.stringify(toJson(node))
}

/**
 * Reads the text of a shape. Trusts nothing: depth, number of parts and names are bounded.
 * @throws CORRUPT_DATA if it is none
 */
export function parseShape(text: string): ShapeNode {
  if (text.length > MAX_SHAPE_TEXT_LENGTH) throw corrupt(`a text of ${text.length} units`)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw corrupt('a text that is no JSON')
  }
  return fromJson(json, 0)
}

// A leaf is 0, an empty one 1, an object an array that begins with its names, a tuple one that
// begins with null.
function toJson(node: ShapeNode): unknown {
  switch (node.kind) {
    case 'leaf':
      return node.wasEmpty ? 1 : 0
    case 'object':
      return [node.fields.map(([name]) => name), ...node.fields.map(([, field]) => toJson(field))]
    case 'tuple':
      return [null, ...node.items.map(toJson)]
  }
}

function fromJson(json: unknown, depth: number): ShapeNode {
  if (json === 0) return LEAF
  if (json === 1 && depth > 0) return EMPTY_LEAF
  if (!Array.isArray(json) || depth >= MAX_SHAPE_DEPTH || json.length > MAX_PARTS + 1) {
    throw corrupt(`a part ${String(json).slice(0, 40)} at depth ${depth}`)
  }
  const names: unknown = json[0]
  const parts = json.slice(1).map((part) => fromJson(part, depth + 1))
  if (names === null) return { kind: 'tuple', items: parts }
  if (!Array.isArray(names) || names.length !== parts.length) throw corrupt('names without parts')
  return { kind: 'object', fields: parts.map((part, index) => [checkName(names[index]), part]) }
}

function checkName(name: unknown): string {
  if (typeof name === 'string' && !isUnsafeField(name)) return name
  throw corrupt(`the field name ${String(name).slice(0, 40)}`)
}

function corrupt(what: string): EngineError {
  return new EngineError(ErrorCode.CORRUPT_DATA, `the shape of records cannot be ${what}`)
}
