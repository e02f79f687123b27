import { describe, expect, it } from 'vitest'
import { ByteReader } from '../base/byte-reader.ts'
import { ByteWriter } from '../base/byte-writer.ts'
import type { CustomTypeOptions } from './custom-type.ts'
import type { TypeInformation } from './type-information.ts'
import { TypeRegistry } from './type-registry.ts'
import { types } from './types.ts'

class Money {
  readonly cents: number

  constructor(cents: number) {
    this.cents = cents
  }

  format(): string {
    return `EUR ${this.cents / 100}`
  }
}

class Bonus extends Money {}

const options: CustomTypeOptions<Money> = {
  name: 'money',
  version: 1,
  accepts: (value) => value instanceof Money,
  serialize: (value, output) => output.zigzag(value.cents),
  deserialize: (input) => new Money(input.zigzag()),
}

const money = types.custom(options)

function roundTrip<T>(type: TypeInformation<T>, value: T): T {
  const output = new ByteWriter()
  type.serializer.serialize(value, output)
  return type.serializer.deserialize(new ByteReader(output.view()))
}

describe('custom', () => {
  it('keeps the prototype, alone, in a row, and in generic data', () => {
    const registry = new TypeRegistry().register(Money, money)
    expect(roundTrip(money, new Money(5)).format()).toBe('EUR 0.05')
    const row = types.row({ price: money })
    expect(roundTrip(row, { price: new Money(5) }).price).toBeInstanceOf(Money)
    const generic = roundTrip(types.generic(registry), { prices: [new Money(7)] })
    expect(generic).toStrictEqual({ prices: [new Money(7)] })
  })

  it('compares and hashes by the bytes', () => {
    expect(money.equals(new Money(5), new Money(5))).toBe(true)
    expect(money.equals(new Money(5), new Money(6))).toBe(false)
    expect(money.hash(new Money(5))).toBe(money.hash(new Money(5)))
    const row = types.row({ price: money })
    expect(row.equals({ price: new Money(1) }, { price: new Money(1) })).toBe(true)
  })

  it('refuses other values', () => {
    const mismatch = expect.objectContaining({ code: 'TYPE_MISMATCH' })
    expect(() => roundTrip(money, { cents: 1 } as Money)).toThrow(mismatch)
  })

  it.each([
    ['leaves bytes unread', (): Money => new Money(1)],
    ['reads beyond its own bytes', (input: ByteReader) => new Money(input.u32())],
    [
      'throws',
      (): Money => {
        throw new RangeError('no such currency')
      },
    ],
  ])('blames the bytes when deserialize %s', (_, deserialize) => {
    const broken = types.array(types.custom({ ...options, deserialize }))
    const output = new ByteWriter()
    broken.serializer.serialize([new Money(1), new Money(2)], output)
    const corrupt = expect.objectContaining({ code: 'CORRUPT_DATA' })
    expect(() => broken.serializer.deserialize(new ByteReader(output.view()))).toThrow(corrupt)
  })

  it('survives a serializer that compares while it writes', () => {
    const nested = types.custom<Money>({
      ...options,
      name: 'nested',
      serialize: (value, output) => {
        money.equals(value, new Money(100_000))
        money.hash(value)
        output.zigzag(value.cents)
      },
    })
    expect(nested.equals(new Money(9), new Money(9))).toBe(true)
    expect(nested.compare(new Money(9), new Money(8))).toBeGreaterThan(0)
  })

  it.each(['', 'row', 'generic'])('cannot be named %j', (name) => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    expect(() => types.custom({ ...options, name })).toThrow(refused)
    expect(() => types.custom({ ...options, version: 0.5 })).toThrow(refused)
  })
})

describe('TypeRegistry', () => {
  it('knows a class, not its subclasses', () => {
    const registry = new TypeRegistry().register(Money, money)
    expect(registry.typeOf(new Money(1))).toBe(money)
    expect(registry.typeOf(new Bonus(1))).toBeUndefined()
    expect(registry.typeOf({})).toBeUndefined()
    expect(registry.typeNamed('money')).toBe(money)
    expect(registry.versions()).toEqual({ money: 1 })
  })

  it('takes a class and a name once', () => {
    const registry = new TypeRegistry().register(Money, money)
    const other = types.custom({ ...options, name: 'other' })
    expect(() => registry.register(Money, other)).toThrow('class Money is registered already')
    expect(() => registry.register(Bonus, money)).toThrow('name "money" is registered already')
  })
})

describe('generic', () => {
  it.each([
    [{ at: [new Money(1)] }, 'value.at[0]: Money is a class without a serializer'],
    [{ call: () => 1 }, 'value.call: the function call is not data'],
    [{ constructor: 1 }, 'value.constructor: a field of this name is not safe'],
    [new Map([[1, Symbol('s')]]), 'value.entry(0): a symbol'],
    [new Set([new Money(1)]), 'value.element(0)'],
  ])('refuses %j and names the place', (value, message) => {
    expect(() => roundTrip(types.generic(), value)).toThrow(message)
  })

  it('refuses cyclic data', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    expect(() => roundTrip(types.generic(), cyclic)).toThrow('nested deeper than 256 levels')
  })

  it('says which class is missing when bytes hold an instance', () => {
    const registry = new TypeRegistry().register(Money, money)
    const output = new ByteWriter()
    types.generic(registry).serializer.serialize(new Money(1), output)
    const read = () => types.generic().serializer.deserialize(new ByteReader(output.view()))
    expect(read).toThrow('an instance of "money", for which no serializer is registered')
  })

  it('tells values of different kinds apart', () => {
    const generic = types.generic()
    const values = [undefined, null, false, 0, -0, 0n, '', '0', [], {}, new Map(), new Set()]
    for (const left of values) {
      for (const right of values) {
        expect(generic.equals(left, right)).toBe(Object.is(left, right))
      }
    }
  })

  it('stays as it is: state on disk has it', () => {
    const output = new ByteWriter()
    types.generic().serializer.serialize({ b: [1, -0, 'x'], a: new Set([true, null]) }, output)
    expect(Array.from(output.view(), (byte) => byte.toString(16).padStart(2, '0')).join('')).toBe(
      '0b02' + '0161' + '0d020103' + '0162' + '0a03' + '0402' + '050000000000000080' + '070178',
    )
  })
})
