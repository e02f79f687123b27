import { type TypeInformation, types } from '@millrace/engine'
import { ByteReader } from '../../engine/src/base/byte-reader.ts'
import { ByteWriter } from '../../engine/src/base/byte-writer.ts'
import { interpreted } from '../../engine/src/types/value-type.ts'
import { type MicroCase, RECORDS } from './micro-case.ts'

interface Order {
  readonly id: string
  readonly customer: number
  readonly price: number
  readonly paid: boolean
  readonly city: string
}

const CITIES = ['Porto', 'Gdańsk', 'Oslo', 'Lyon', 'Graz']

function orderOf(index: number): Order {
  return {
    id: `order-${index}`,
    customer: (index * 7919) % 1_000,
    price: index / 8,
    paid: index % 3 === 0,
    city: CITIES[index % CITIES.length] as string,
  }
}

const orderType = types.row({
  id: types.string,
  customer: types.int,
  price: types.number,
  paid: types.boolean,
  city: types.string,
})

const tupleType = types.tuple(types.string, types.int, types.number, types.boolean, types.string)

const sizeOf = (row: Order): number => row.customer + row.id.length + row.city.length

/**
 * Serializers of five fields, two of them strings, declared and not; the interpreted twin; and
 * strings alone.
 */
export const codecCases: readonly MicroCase[] = [
  ...codec('row', orderType, orderOf, sizeOf),
  ...codec('row-interpreted', { serializer: interpreted(orderType) }, orderOf, sizeOf),
  ...codec(
    'tuple',
    tupleType,
    (index): [string, number, number, boolean, string] => {
      const { id, customer, price, paid, city } = orderOf(index)
      return [id, customer, price, paid, city]
    },
    ([id, customer, , , city]) => customer + id.length + city.length,
  ),
  ...codec('generic', types.generic(), orderOf, (value) => {
    const order = value as Order
    return order.customer + order.id.length + order.city.length
  }),
  ...codec(
    'string',
    types.string,
    (index) => `customer-${index}@example.org`,
    (text) => text.length,
  ),
]

/** Two cases: values to bytes, and back. */
function codec<T>(
  name: string,
  { serializer }: Pick<TypeInformation<T>, 'serializer'>,
  valueAt: (index: number) => T,
  sizeOf: (value: T) => number,
): readonly MicroCase[] {
  const values = (): readonly T[] => Array.from({ length: RECORDS }, (_, index) => valueAt(index))
  return [
    {
      name: `${name}-encode`,
      records: RECORDS,
      prepare: () => {
        const all = values()
        const output = new ByteWriter(64 * 1024)
        return () => {
          output.reset()
          for (const value of all) serializer.serialize(value, output)
          return output.length
        }
      },
    },
    {
      name: `${name}-decode`,
      records: RECORDS,
      prepare: () => {
        const output = new ByteWriter(64 * 1024)
        for (const value of values()) serializer.serialize(value, output)
        const bytes = output.toBytes()
        return () => {
          const input = new ByteReader(bytes)
          let sum = 0
          for (let index = 0; index < RECORDS; index++) sum += sizeOf(serializer.deserialize(input))
          return sum
        }
      },
    },
  ]
}
