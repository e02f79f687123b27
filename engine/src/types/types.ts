import { ArrayType } from './array-type.ts'
import { BigintType } from './bigint-type.ts'
import { BooleanType } from './boolean-type.ts'
import { BytesType } from './bytes-type.ts'
import { CustomType, type CustomTypeOptions } from './custom-type.ts'
import { DateType } from './date-type.ts'
import { GenericType } from './generic-type.ts'
import { IntType } from './int-type.ts'
import { LiteralType } from './literal-type.ts'
import { MapType } from './map-type.ts'
import { NullableType } from './nullable-type.ts'
import { NumberType } from './number-type.ts'
import { OneOfType } from './one-of-type.ts'
import { OptionalType } from './optional-type.ts'
import { RowType } from './row-type.ts'
import { SetType } from './set-type.ts'
import { StringType } from './string-type.ts'
import { TupleType } from './tuple-type.ts'
import type { TypeInformation } from './type-information.ts'
import type { TypeRegistry } from './type-registry.ts'

/** The values of a type: `TypeOf<typeof person>`, as one would write their interface by hand. */
export type TypeOf<Type> = Type extends TypeInformation<infer T> ? T : never

type FieldTypes = Readonly<Record<string, TypeInformation<unknown>>>

type OptionalFields<F extends FieldTypes> = {
  [Name in keyof F]: F[Name] extends OptionalType<unknown> ? Name : never
}[keyof F]

type Flat<T> = { [Name in keyof T]: T[Name] }

/** The objects of a row of the fields `F`. */
export type RowOf<F extends FieldTypes> = Flat<
  { -readonly [Name in Exclude<keyof F, OptionalFields<F>>]: TypeOf<F[Name]> } & {
    -readonly [Name in OptionalFields<F>]?: F[Name] extends OptionalType<infer T> ? T : never
  }
>

/** The tuples of elements of the types `E`. */
export type TupleOf<E extends readonly TypeInformation<unknown>[]> = {
  -readonly [I in keyof E]: TypeOf<E[I]>
}

const stringType: TypeInformation<string> = new StringType()
const booleanType: TypeInformation<boolean> = new BooleanType()
const numberType: TypeInformation<number> = new NumberType()
const intType: TypeInformation<number> = new IntType()
const bigintType: TypeInformation<bigint> = new BigintType()
const dateType: TypeInformation<Date> = new DateType()
const bytesType: TypeInformation<Uint8Array> = new BytesType()

/** The shape of {@link types}. */
export interface TypeFactories {
  /** Any string, unpaired surrogates included. */
  readonly string: TypeInformation<string>
  readonly boolean: TypeInformation<boolean>
  /** Any double, in eight bytes. */
  readonly number: TypeInformation<number>
  /** Safe integers only, in one to nine bytes; the choice for counts and ids. */
  readonly int: TypeInformation<number>
  readonly bigint: TypeInformation<bigint>
  readonly date: TypeInformation<Date>
  /** `Uint8Array`. */
  readonly bytes: TypeInformation<Uint8Array>
  array<T>(element: TypeInformation<T>): TypeInformation<T[]>
  tuple<const E extends readonly TypeInformation<unknown>[]>(
    ...elements: E
  ): TypeInformation<TupleOf<E>>
  /**
   * Plain objects with exactly these fields; wrap a type in `optional` to let its field be absent.
   * Objects read back have the fields in the order of this declaration.
   * @throws INVALID_ARGUMENT for a field named `__proto__`; rename it.
   */
  row<const F extends FieldTypes>(fields: F): TypeInformation<RowOf<F>>
  /** Maps; their order of insertion is not kept. Use an array of tuples where it matters. */
  map<K, V>(key: TypeInformation<K>, value: TypeInformation<V>): TypeInformation<Map<K, V>>
  /** Sets; their order of insertion is not kept. */
  set<T>(element: TypeInformation<T>): TypeInformation<Set<T>>
  /** The values of a type, or `null`. */
  nullable<T>(value: TypeInformation<T>): TypeInformation<T | null>
  /** The values of a type, or `undefined`; as a field of a row: the field may be absent. */
  optional<T>(value: TypeInformation<T>): OptionalType<T>
  /**
   * The values of several types; the first that accepts a value writes it, so put the narrower
   * type first. Values are looked at in depth to choose, which costs time.
   */
  oneOf<const E extends readonly TypeInformation<unknown>[]>(
    ...options: E
  ): TypeInformation<TypeOf<E[number]>>
  /** One of a few known strings. */
  literal<const T extends string>(...values: readonly T[]): TypeInformation<T>
  /** Any plain data, and instances of the classes in `registry`. */
  generic(registry?: TypeRegistry): TypeInformation<unknown>
  /**
   * A class with a serializer of your own; instances keep their prototype.
   * @throws INVALID_ARGUMENT for a name of the engine's own kinds or a bad version.
   */
  custom<T>(options: CustomTypeOptions<T>): CustomType<T>
}

/**
 * Declares the types of records, keys and state.
 *
 * ```ts
 * const reading = types.row({ sensor: types.string, celsius: types.number })
 * reading.name // => 'row(sensor: string, celsius: number)'
 *
 * const order = types.row({ id: types.int, note: types.optional(types.string) })
 * const orders: TypeOf<typeof order>[] = [{ id: 1 }, { id: 2, note: 'gift' }]
 * orders.length // => 2
 * ```
 * Declared types are smaller and faster than the generic serializer, and their state can be checked
 * for compatibility after a change of the program.
 */
export const types: TypeFactories = {
  string: stringType,
  boolean: booleanType,
  number: numberType,
  int: intType,
  bigint: bigintType,
  date: dateType,
  bytes: bytesType,
  array: (element) => new ArrayType(element),
  tuple: (...elements) => new TupleType(elements),
  row: (fields) => new RowType(fields),
  map: (key, value) => new MapType(key, value),
  set: (element) => new SetType(element),
  nullable: (value) => new NullableType(value),
  optional: (value) => new OptionalType(value),
  oneOf: (...options) => new OneOfType<TypeOf<(typeof options)[number]>>(options as never),
  literal: (...values) => new LiteralType(values),
  generic: (registry) => new GenericType(registry),
  custom: (options) => new CustomType(options),
}
