/**
 * `nexmark/queries` holds the queries of the Nexmark benchmark as DataStream programs, each in a
 * file of its own, written from the published SQL. What a query of changing rows emits is compared
 * as the table that is left when its input has ended.
 */

import type { DataStream } from '@millrace/engine'
import type { RowHash } from '../../digest/row-hash.ts'
import type { NexmarkEvent } from '../generator/nexmark-event.ts'

/** A change of a result table: a row replaces another, or is new. */
export interface Change<R> {
  readonly before: R | undefined
  readonly after: R
}

/** What every query has. */
interface QueryParts<R> {
  readonly name: string
  /** What it asks, in a few words. */
  readonly about: string
  /** Adds the fields of a row to a hash, so that results can be compared. */
  readonly hash: (row: R, hash: RowHash) => RowHash
}

/** A query whose rows stay as they are. */
export interface AppendingQuery<R> extends QueryParts<R> {
  readonly kind: 'appending'
  readonly results: (events: DataStream<NexmarkEvent>) => DataStream<R>
  /** Writes the rows below a folder. Default: they are digested and dropped. */
  readonly write?: (rows: DataStream<R>, path: string) => void
}

/** A query whose rows are replaced as more events come. */
export interface ChangingQuery<R> extends QueryParts<R> {
  readonly kind: 'changing'
  readonly results: (events: DataStream<NexmarkEvent>) => DataStream<Change<R>>
}

export type NexmarkQuery<R> = AppendingQuery<R> | ChangingQuery<R>

/** A query of any row, for lists of queries. */
// biome-ignore lint/suspicious/noExplicitAny: `hash` takes the row that `results` makes
export type AnyNexmarkQuery = NexmarkQuery<any>
