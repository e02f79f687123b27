import { seconds, tumblingEventTimeWindows, types } from '@millrace/engine'
import type { Person } from '../generator/nexmark-event.ts'
import type { AppendingQuery } from './nexmark-query.ts'
import { auctionsOf, personsOf } from './views.ts'

type Row = Pick<Person, 'id' | 'name'> & { readonly startTime: number }

const SIZE_MS = seconds(10)

const personType = types.row({ id: types.int, name: types.string, dateTime: types.int })
const auctionType = types.row({ seller: types.int })

/** New users: persons who sold something in the ten seconds in which they came. */
export const q8: AppendingQuery<Row> = {
  name: 'q8',
  about: 'new users: join of windows',
  kind: 'appending',
  results: (events) =>
    personsOf(events)
      .map(({ id, name, dateTime }) => ({ id, name, dateTime }))
      .coGroup(auctionsOf(events).map(({ seller }) => ({ seller })))
      .where(({ id }) => id, types.int)
      .equalTo(({ seller }) => seller)
      .window(tumblingEventTimeWindows(SIZE_MS))
      .types(personType, auctionType)
      .apply<Row>((persons, auctions, out) => {
        if (auctions.length === 0) return
        for (const { id, name, dateTime } of persons) {
          out.collect({ id, name, startTime: dateTime - (dateTime % SIZE_MS) })
        }
      }),
  hash: ({ id, name, startTime }, hash) => hash.number(id).text(name).number(startTime),
}
