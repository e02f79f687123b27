import type { Sink } from '../../operator/sink/sink.ts'
import type { Source } from '../../operator/source/source.ts'

/**
 * The connectors behind the short forms of the API: `fromCollection`, `readTextFile`, `print`,
 * `writeAsText`, ...
 * The API does not know connectors; whoever composes the engine hands these in.
 */
export interface BuiltInConnectors {
  collection<T>(values: readonly T[]): Source<T, unknown, unknown>
  sequence(from: number, to: number): Source<number, unknown, unknown>
  textFile(path: string): Source<string, unknown, unknown>
  socketText(options: SocketTextOptions): Source<string, unknown, unknown>
  print(options: {
    readonly prefix: string
    readonly toErr: boolean
  }): Sink<unknown, unknown, unknown>
  /** A file sink of one text per line. */
  textFiles(path: string): Sink<unknown, unknown, unknown>
  /** A file sink of CSV records. */
  csvFiles(path: string, columns: readonly string[]): Sink<unknown, unknown, unknown>
  /** A sink that hands each committed record to `target` in this isolate. */
  collect<T>(target: { add(value: T): void }): Sink<T, unknown, unknown>
}

/** Where `socketTextStream` connects to. */
export interface SocketTextOptions {
  readonly host: string
  readonly port: number
  /** What ends a record; a line feed by default. */
  readonly delimiter?: string
  /** How often a lost connection is opened again; 0 by default. */
  readonly maxRetries?: number
}
