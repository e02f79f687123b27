/**
 * `nexmark/reference` answers the queries a second time, in SQLite over all events at once. It
 * shares nothing with the DataStream programs but the events.
 */

import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { NexmarkEvent } from '../generator/nexmark-event.ts'
import type { ResultTable } from './result-table.ts'

const TABLES = {
  person: `id INTEGER, name TEXT, emailAddress TEXT, creditCard TEXT, city TEXT, state TEXT,
    dateTime INTEGER, extra TEXT`,
  auction: `id INTEGER, itemName TEXT, description TEXT, initialBid INTEGER, reserve INTEGER,
    dateTime INTEGER, expires INTEGER, seller INTEGER, category INTEGER, extra TEXT`,
  bid: `auction INTEGER, bidder INTEGER, price INTEGER, channel TEXT, url TEXT, dateTime INTEGER,
    extra TEXT`,
} as const

/** A database in memory with the tables `person`, `auction` and `bid`; times are in ms. */
export function eventDatabase(events: readonly NexmarkEvent[]): DatabaseSync {
  const database = new DatabaseSync(':memory:', { returnArrays: true })
  for (const [table, columns] of Object.entries(TABLES)) {
    database.exec(`CREATE TABLE ${table} (${columns})`)
  }
  database.exec('BEGIN')
  const inserts = {
    person: database.prepare(insert('person')),
    auction: database.prepare(insert('auction')),
    bid: database.prepare(insert('bid')),
  }
  for (const { kind, ...fields } of events) {
    inserts[kind].run(...(Object.values(fields) as SQLInputValue[]))
  }
  database.exec('COMMIT')
  database.exec('CREATE INDEX auction_id ON auction (id)')
  database.exec('CREATE INDEX auction_seller ON auction (seller)')
  database.exec('CREATE INDEX person_id ON person (id)')
  database.function('split_index', (text, index) => String(text).split('/')[Number(index)] ?? null)
  return database
}

function insert(table: keyof typeof TABLES): string {
  const places = TABLES[table].split(',').map(() => '?')
  return `INSERT INTO ${table} VALUES (${places.join()})`
}

/** The answer of a query, as {@link ResultTable}. */
export function referenceTable(database: DatabaseSync, sql: string): ResultTable {
  return database
    .prepare(sql)
    .all()
    .map((row) => JSON.stringify(row))
    .sort()
}
