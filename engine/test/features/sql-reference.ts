/// <reference types="node" />
import { DatabaseSync } from 'node:sqlite'

/** A value of a row. */
export type SqlValue = string | number | null

/** The same rows in SQLite, to ask an engine of other make for the result. */
export class SqlReference {
  readonly #database = new DatabaseSync(':memory:')

  constructor(tables: Readonly<Record<string, SqlTable>>) {
    for (const [name, { columns, rows }] of Object.entries(tables)) {
      const names = Object.keys(columns)
      const declared = names.map((column) => `${column} ${columns[column]}`)
      this.#database.exec(`CREATE TABLE ${name} (${declared.join(', ')})`)
      const places = names.map(() => '?').join(', ')
      const insert = this.#database.prepare(`INSERT INTO ${name} VALUES (${places})`)
      for (const row of rows) insert.run(...names.map((column) => row[column] as SqlValue))
    }
  }

  /** The rows of a query as arrays, in its order. */
  query(sql: string): SqlValue[][] {
    const statement = this.#database.prepare(sql)
    statement.setReturnArrays(true)
    return statement.all() as unknown as SqlValue[][]
  }
}

/** What a table is made of. */
export interface SqlTable {
  readonly columns: Readonly<Record<string, 'INTEGER' | 'TEXT'>>
  readonly rows: readonly Readonly<Record<string, SqlValue>>[]
}

/** Rows as lines in an order of their own, so that two results can be compared as multisets. */
export function linesOf(rows: readonly (readonly (SqlValue | undefined)[])[]): string[] {
  return rows.map((row) => JSON.stringify(row.map((value) => value ?? null))).sort()
}
