import { NO_TIMESTAMP } from '../../core/record-batch.ts'
import type { ScheduledTimer } from '../../env/timers.ts'
import type { Connection } from '../../env/transport.ts'
import type {
  ReaderOutput,
  SourceReader,
  SourceReaderContext,
} from '../../operator/source/source.ts'
import {
  type DeserializationSchema,
  SchemaRunner,
} from '../deserialization/deserialization-schema.ts'
import { BlockGap } from '../source-base/record-block.ts'
import { RecordSplitter } from './record-splitter.ts'

/** The one split of a socket source. It has no position: a socket cannot be read again. */
export interface SocketSplit {
  readonly host: string
  readonly port: number
}

/** Options of a {@link SocketReader}, complete. */
export interface SocketReaderOptions<T> {
  readonly schema: DeserializationSchema<T>
  readonly delimiter: string
  readonly maxRetries: number
  readonly retryDelayMs: number
  readonly recordSizeBytesMax: number
}

/** Above this many waiting records the server is held back; below the other it goes on. */
const WAITING_RECORDS_MAX = 8_192
const WAITING_RECORDS_RESUME = 2_048

/** Reads lines from a connection into a bounded buffer. */
export class SocketReader<T> implements SourceReader<T, SocketSplit> {
  readonly #context: SourceReaderContext
  readonly #options: SocketReaderOptions<T>
  #split: SocketSplit | undefined
  #connection: Connection | undefined
  #timer: ScheduledTimer | undefined
  #records: (T | BlockGap)[] = []
  #next = 0
  #retries = 0
  readonly #originOf = (index: number): string => {
    const { host, port } = this.#split as SocketSplit
    return `record ${index} of ${host}:${port}`
  }
  /** How many lines have come, for the report of a malformed one. */
  #lineCount = 0
  #isPaused = false
  #noMoreSplits = false
  #ended = false
  #closed = false

  constructor(context: SourceReaderContext, options: SocketReaderOptions<T>) {
    this.#context = context
    this.#options = options
  }

  start(): void {
    if (this.#split === undefined) this.#context.requestSplit()
  }

  poll(output: ReaderOutput<T>, maxRecords: number): 'more' | 'waiting' | 'end' {
    const end = Math.min(this.#records.length, this.#next + maxRecords)
    while (this.#next < end) {
      const record = this.#records[this.#next++] as T | BlockGap
      if (!(record instanceof BlockGap)) output.collect(record, NO_TIMESTAMP)
      else if (record.malformed !== undefined) {
        output.malformed(record.malformed.record, record.malformed.origin, record.malformed.cause)
      }
    }
    if (this.#next < this.#records.length) {
      this.#resume()
      return 'more'
    }
    this.#records = []
    this.#next = 0
    this.#resume()
    if (this.#ended || (this.#split === undefined && this.#noMoreSplits)) return 'end'
    return 'waiting'
  }

  addSplits(splits: readonly SocketSplit[]): void {
    const [split] = splits
    if (split === undefined || this.#split !== undefined) return
    this.#split = split
    this.#connect(split)
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true
    this.#context.wakeUp()
  }

  snapshotState(): readonly SocketSplit[] {
    return this.#split === undefined || this.#ended ? [] : [this.#split]
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
    this.#connection?.close()
  }

  #connect(split: SocketSplit): void {
    this.#context.env.transport.connect(split).then(
      (connection) => this.#receive(connection, split),
      (error) => this.#retry(split, error),
    )
  }

  #receive(connection: Connection, split: SocketSplit): void {
    if (this.#closed) {
      connection.close()
      return
    }
    this.#connection = connection
    this.#retries = 0
    const { delimiter, recordSizeBytesMax } = this.#options
    const splitter = new RecordSplitter(delimiter, recordSizeBytesMax)
    connection.receive({
      onBytes: (bytes) => {
        try {
          this.#take(splitter.push(bytes))
        } catch (error) {
          connection.close()
          this.#context.fail(error)
        }
      },
      onClose: (error) => {
        this.#connection = undefined
        if (this.#closed) return
        if (error !== undefined) return this.#retry(split, error)
        this.#take(splitter.end())
        this.#ended = true
        this.#context.wakeUp()
      },
    })
  }

  #take(records: readonly string[]): void {
    if (records.length === 0) return
    const runner = new SchemaRunner(this.#options.schema)
    for (const record of records) runner.add(record, this.#originOf, ++this.#lineCount)
    for (const entry of runner.entries) this.#records.push(entry)
    if (!this.#isPaused && this.#records.length - this.#next > WAITING_RECORDS_MAX) {
      this.#isPaused = true
      this.#connection?.pause(true)
    }
    this.#context.wakeUp()
  }

  #resume(): void {
    if (!this.#isPaused || this.#records.length - this.#next > WAITING_RECORDS_RESUME) return
    this.#isPaused = false
    this.#connection?.pause(false)
  }

  #retry(split: SocketSplit, error: unknown): void {
    if (this.#closed) return
    if (this.#retries >= this.#options.maxRetries) {
      this.#context.fail(error)
      return
    }
    this.#retries++
    const { clock, timers } = this.#context.env
    this.#timer = timers.schedule(clock.nowMs() + this.#options.retryDelayMs, () => {
      if (!this.#closed) this.#connect(split)
    })
  }
}
