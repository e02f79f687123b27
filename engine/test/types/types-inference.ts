/**
 * Compile-time assertions on what the factories of `types` infer. Compiled by the type check, never
 * run: a wrong inference does not compile, and so does an error that is expected but missing.
 */
import type { TypeInformation } from '../../src/types/type-information.ts'
import { type TypeOf, types } from '../../src/types/types.ts'
import { type Equal, holds } from './type-assertions.ts'

const order = types.row({
  id: types.string,
  n: types.int,
  note: types.optional(types.string),
  tags: types.array(types.nullable(types.string)),
  state: types.literal('OPEN', 'CLOSED'),
  place: types.tuple(types.number, types.bigint),
  by: types.map(types.string, types.set(types.date)),
  raw: types.oneOf(types.bytes, types.boolean),
  rest: types.generic(),
})

interface Order {
  id: string
  n: number
  note?: string
  tags: (string | null)[]
  state: 'OPEN' | 'CLOSED'
  place: [number, bigint]
  by: Map<string, Set<Date>>
  raw: Uint8Array | boolean
  rest: unknown
}

type OrderRow = TypeOf<typeof order>

holds<Equal<OrderRow, { [Name in keyof Order]: Order[Name] }>>()
holds<Equal<TypeOf<typeof types.int>, number>>()

/** The example of the documentation: a row type is assignable to the type it stands for. */
export const simple: TypeInformation<{ id: string; n: number }> = types.row({
  id: types.string,
  n: types.int,
})

class Money {
  readonly cents: number = 0
  format(): string {
    return String(this.cents)
  }
}

const money = types.custom({
  name: 'money',
  version: 1,
  accepts: (value) => value instanceof Money,
  serialize: (value: Money, output) => output.zigzag(value.cents),
  deserialize: () => new Money(),
})

holds<Equal<TypeOf<typeof money>, Money>>()

export function mistakes(): void {
  // @ts-expect-error n is missing
  simple.equals({ id: 'a' }, { id: 'b', n: 1 })
  // @ts-expect-error a name is no number
  simple.hash({ id: 'a', n: 'one' })
  // @ts-expect-error an optional field may be absent, but not null
  order.accepts satisfies (value: { note: null }) => string
  // @ts-expect-error the state is one of two strings
  const state: OrderRow['state'] = 'LOST'
  // @ts-expect-error the elements of a tuple have their places
  const place: OrderRow['place'] = [1n, 1]
  // @ts-expect-error a field of a row is a type, not a value
  types.row({ id: 'string' })
  void [state, place]
}
