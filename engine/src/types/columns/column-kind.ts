/** How a column collects the values of one leaf while a batch is encoded. */
export type LeafKind =
  /** 32-bit integers other than -0 in an Int32Array. */
  | 'int'
  /** Doubles in a Float64Array. */
  | 'number'
  /** One joined string with the end of each value. */
  | 'string'
  /** One string that all records of a frame have: the tag of a union, most often. */
  | 'same'
  /** Bytes 0 and 1. */
  | 'boolean'
  /** Anything: an array of values. */
  | 'any'

/** The columns of the records of one shape while they are encoded, by leaf. */
export interface GatherColumns {
  /** `int`: the values. */
  readonly ints: readonly Int32Array[]
  /** `number`: the values. */
  readonly doubles: readonly Float64Array[]
  /** `string`: where each value ends in the joined string, in units. */
  readonly ends: readonly Int32Array[]
  /** `boolean`: 0 or 1. */
  readonly bits: readonly Uint8Array[]
  /** `any`: the values. */
  readonly values: readonly unknown[][]
  /** `string`: the joined string; `same`: the string of all records. Set by the gathering. */
  readonly joined: string[]
  /** `number`: true if all values are 32-bit integers other than -0; set by the gathering. */
  readonly integers: boolean[]
}

/** How the values of one leaf lie in a frame. Numbers are part of the format: never reuse one. */
export const ColumnKind = {
  /** Int32, four bytes each. */
  INT: 1,
  /** Float64, eight bytes each. */
  DOUBLE: 2,
  /** One byte each, 0 or 1. */
  BOOLEAN: 3,
  /** Ends as Int32, then the joined string, one byte a unit. */
  ASCII: 4,
  /** Ends as Int32, then the joined string, two bytes a unit. */
  UNITS: 5,
  /** Values in the generic format, one after the other. */
  GENERIC: 6,
  /** One byte each (0 value, 1 null, 2 undefined), then a column of the values there are. */
  TAGGED: 7,
  /** Nothing, then a column of one value that all records have. */
  SAME: 8,
} as const

/** Where a decoded column is read from. */
export type ReadKind = 'int' | 'double' | 'boolean' | 'array' | 'same'

/** The columns of the records of one shape while they are decoded, by leaf. */
export interface BuildColumns {
  readonly bytes: Uint8Array
  readonly ints: Int32Array
  readonly doubles: Float64Array
  /** Index of the first value: in `bytes`, `ints` or `doubles` by the leaf's kind. */
  readonly starts: readonly number[]
  /** `array`: the values; `same`: one value. */
  readonly arrays: readonly (readonly unknown[])[]
}

/** Tells whether a value has a shape. */
export type ShapeMatcher = (value: unknown) => boolean

/** What a gatherer returns when it has met a row of another shape. */
export const OTHER_SHAPE = -2

/**
 * Collects the columns of `count` rows.
 * @param isMatched true if all rows are known to have the shape; else it is looked at on the way
 * @returns -1, or the first leaf that found a value not of its kind, or {@link OTHER_SHAPE}
 */
export type ShapeGatherer = (
  rows: readonly unknown[],
  count: number,
  columns: GatherColumns,
  isMatched: boolean,
) => number

/** Makes `count` rows of columns. */
export type ShapeBuilder = (count: number, columns: BuildColumns, rows: unknown[]) => void

/** The loops over the records of one shape: generated, or interpreted. */
export interface ShapeLoops {
  readonly matches: ShapeMatcher
  gatherer(kinds: readonly LeafKind[]): ShapeGatherer
  builder(kinds: readonly ReadKind[]): ShapeBuilder
}
