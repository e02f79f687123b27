/**
 * Arbitrary types with arbitrary values of them, for the property tests of `types/`.
 */
import fc from 'fast-check'
import type { CustomType } from '../../src/types/custom-type.ts'
import { OptionalType } from '../../src/types/optional-type.ts'
import type { TypeInformation } from '../../src/types/type-information.ts'
import { TypeRegistry } from '../../src/types/type-registry.ts'
import { types } from '../../src/types/types.ts'

/** A class whose instances must keep their prototype. */
export class Money {
  readonly cents: number
  readonly currency: string

  constructor(cents: number, currency: string) {
    this.cents = cents
    this.currency = currency
  }

  format(): string {
    return `${this.currency} ${this.cents / 100}`
  }
}

export const moneyType: CustomType<Money> = types.custom<Money>({
  name: 'money',
  version: 1,
  accepts: (value) => value instanceof Money,
  serialize: (value, output) => {
    output.zigzag(value.cents)
    output.string(value.currency)
  },
  deserialize: (input) => new Money(input.zigzag(), input.string()),
})

export const registry: TypeRegistry = new TypeRegistry().register(Money, moneyType)

/** A type and the arbitrary of its values. */
export interface TypeCase {
  readonly type: TypeInformation<unknown>
  readonly values: fc.Arbitrary<unknown>
  /** False where an instance of a class may be inside, which plain encodings do not know. */
  readonly plain: boolean
}

const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    '',
    '流处理',
    '😀👩‍👩‍👧',
    '\u0000',
    '\u0001a',
    'naïve',
    'x'.repeat(200),
    '中'.repeat(60),
  ),
  fc
    .array(fc.oneof(fc.nat({ max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })), {
      maxLength: 8,
    })
    .map((units) => String.fromCharCode(...units)),
)

const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(Number.NaN, -0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324),
)

const anyInt: fc.Arbitrary<number> = fc.oneof(fc.integer(), fc.maxSafeInteger())

const anyBigint: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -300n, max: 300n }),
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 2100n), max: 2n ** 2100n }),
)

const anyDate: fc.Arbitrary<Date> = fc.date({ noInvalidDate: false })

const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.uint8Array({ maxLength: 12, max: 2 }),
)

const anyMoney: fc.Arbitrary<Money> = fc
  .tuple(anyInt, anyText)
  .map(([cents, currency]) => new Money(cents, currency))

const fieldName: fc.Arbitrary<string> = fc
  .oneof(fc.constantFrom('a', 'b', 'ab', 'toString', '10', '9', '名前', ''), anyText)
  .filter((name) => name !== '__proto__' && name !== 'constructor')

/** Any plain data, as the generic serializer takes it. */
export const anyPlain: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyText,
    anyNumber,
    anyInt,
    anyBigint,
    anyDate,
    anyBytes,
    fc.constantFrom(null, undefined, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fieldName, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((all) => new Map(all)),
    fc.array(tie('value'), { maxLength: 3 }).map((all) => new Set(all)),
  ),
})).value

const leaf: fc.Arbitrary<TypeCase> = fc.constantFrom<TypeCase[]>(
  { type: types.string, values: anyText, plain: true },
  { type: types.boolean, values: fc.boolean(), plain: true },
  { type: types.number, values: anyNumber, plain: true },
  { type: types.int, values: anyInt, plain: true },
  { type: types.bigint, values: anyBigint, plain: true },
  { type: types.date, values: anyDate, plain: true },
  { type: types.bytes, values: anyBytes, plain: true },
  { type: types.literal('a', 'b', '中'), values: fc.constantFrom('a', 'b', '中'), plain: true },
  { type: types.generic(), values: anyPlain, plain: true },
  { type: types.generic(registry), values: fc.oneof(anyPlain, anyMoney), plain: false },
  { type: moneyType, values: anyMoney, plain: false },
)

/** An optional field of a row is absent or there; a field of `undefined` would come back absent. */
function rowCase(fields: ReadonlyMap<string, { of: TypeCase; optional: boolean }>): TypeCase {
  const all = [...fields]
  const declared = all.map(([name, { of, optional }]) => [
    name,
    optional ? types.optional(of.type) : of.type,
  ])
  const entries = all.map(([name, { of, optional }]) => {
    const there = of.values.map((value): [string, unknown] => [name, value])
    if (!optional && !(of.type instanceof OptionalType)) return there
    const present = there.filter(([, value]) => value !== undefined)
    return fc.option(present, { nil: undefined })
  })
  return {
    type: types.row(Object.fromEntries(declared)),
    values: fc
      .tuple(...entries)
      .map((some) => Object.fromEntries(some.filter((entry) => entry !== undefined))),
    plain: all.every(([, { of }]) => of.plain),
  }
}

/** An integer type takes -0 as 0, so it cannot be one of several types of numbers here. */
function oneOfCase(cases: readonly TypeCase[]): TypeCase {
  const options = cases.filter(({ type }) => !/\bint\b/.test(type.name))
  if (options.length === 0) return { type: types.string, values: anyText, plain: true }
  return {
    type: types.oneOf(...options.map(({ type }) => type)),
    values: fc.oneof(...options.map(({ values }) => values)),
    plain: options.every(({ plain }) => plain),
  }
}

/** Every type, alone and nested in others. */
export const anyType: fc.Arbitrary<TypeCase> = fc.letrec<{ type: TypeCase; leaf: TypeCase }>(
  (tie) => ({
    leaf,
    type: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      tie('type').map((of) => ({
        type: types.array(of.type),
        values: fc.array(of.values, { maxLength: 4 }),
        plain: of.plain,
      })),
      fc.array(tie('type'), { maxLength: 3 }).map((of) => ({
        type: types.tuple(...of.map(({ type }) => type)),
        values: fc.tuple(...of.map(({ values }) => values)),
        plain: of.every(({ plain }) => plain),
      })),
      fc
        .array(fc.tuple(fieldName, fc.record({ of: tie('type'), optional: fc.boolean() })), {
          maxLength: 10,
        })
        .map((fields) => rowCase(new Map(fields))),
      fc.tuple(tie('type'), tie('type')).map(([key, value]) => ({
        type: types.map(key.type, value.type),
        values: fc
          .array(fc.tuple(key.values, value.values), { maxLength: 4 })
          .map((entries) => new Map(entries)),
        plain: key.plain && value.plain,
      })),
      tie('type').map((of) => ({
        type: types.set(of.type),
        values: fc.array(of.values, { maxLength: 4 }).map((elements) => new Set(elements)),
        plain: of.plain,
      })),
      tie('type').map((of) => ({
        type: types.nullable(of.type),
        values: fc.option(of.values),
        plain: of.plain,
      })),
      tie('type').map((of) => ({
        type: types.optional(of.type),
        values: fc.option(of.values, { nil: undefined }),
        plain: of.plain,
      })),
      fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map(oneOfCase),
    ),
  }),
).type

/** A type with two values of it; the second is now and then an equal copy of the first. */
export const typeWithValues: fc.Arbitrary<TypeCase & { left: unknown; right: unknown }> =
  anyType.chain((of) =>
    fc
      .tuple(of.values, fc.option(of.values, { nil: undefined, freq: 3 }))
      .map(([left, right]) => shown({ ...of, left, right: right ?? reversed(left) })),
  )

/** A failing case as a report should show it: the arbitraries inside would fill pages. */
function shown<T extends TypeCase>(value: T): T {
  return Object.assign(value, { [fc.toStringMethod]: () => value.type.name })
}

/** An equal value whose fields, entries and elements were inserted the other way round. */
export function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Money) return value
  if (Array.isArray(value)) return value.map(reversed)
  if (value instanceof Date) return new Date(value)
  if (value instanceof Uint8Array) return value.slice()
  if (value instanceof Set) return new Set([...value].map(reversed).reverse())
  if (value instanceof Map) {
    return new Map(
      [...value].map(([key, item]) => [reversed(key), reversed(item)] as const).reverse(),
    )
  }
  const entries = Object.entries(value).map(([name, field]) => [name, reversed(field)] as const)
  return Object.fromEntries(entries.reverse())
}
