import { types } from '@millrace/engine'
import { ByteReader } from '../../engine/src/base/byte-reader.ts'
import { ByteWriter } from '../../engine/src/base/byte-writer.ts'
import { type MicroCase, RECORDS } from './micro-case.ts'

const orderType = types.row({
  id: types.string,
  customer: types.int,
  price: types.number,
  paid: types.boolean,
  city: types.string,
})

const CITIES = ['Porto', 'Gdańsk', 'Oslo', 'Lyon', 'Graz']

function orders(): { id: string; customer: number; price: number; paid: boolean; city: string }[] {
  return Array.from({ length: RECORDS }, (_, index) => ({
    id: `order-${index}`,
    customer: (index * 7919) % 1_000,
    price: index / 8,
    paid: index % 3 === 0,
    city: CITIES[index % CITIES.length] as string,
  }))
}

/** The row serializer: five fields, two of them strings. */
export const codecCases: readonly MicroCase[] = [
  {
    name: 'row-encode',
    records: RECORDS,
    prepare: () => {
      const { serializer } = orderType
      const rows = orders()
      const output = new ByteWriter(64 * 1024)
      return () => {
        output.reset()
        for (const row of rows) serializer.serialize(row, output)
        return output.length
      }
    },
  },
  {
    name: 'row-decode',
    records: RECORDS,
    prepare: () => {
      const { serializer } = orderType
      const output = new ByteWriter(64 * 1024)
      for (const row of orders()) serializer.serialize(row, output)
      const bytes = output.toBytes()
      return () => {
        const input = new ByteReader(bytes)
        let sum = 0
        for (let index = 0; index < RECORDS; index++) {
          const row = serializer.deserialize(input)
          sum += row.customer + row.id.length + row.city.length
        }
        return sum
      }
    },
  },
]
