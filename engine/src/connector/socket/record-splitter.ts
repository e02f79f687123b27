import { EngineError, ErrorCode } from '../../base/engine-error.ts'

// Globals of Node, browsers and workers; the compiler knows only the language's own (`types: []`).
declare const TextDecoder: new (
  label: string,
) => {
  decode(bytes?: Uint8Array, options?: { readonly stream: boolean }): string
}

/** Cuts a stream of UTF-8 bytes into records. A character may fall across two pieces. */
export class RecordSplitter {
  // Not strict: one bad byte must not end a connection that nobody can read again.
  readonly #decoder = new TextDecoder('utf-8')
  readonly #delimiter: string
  readonly #sizeBytesMax: number
  readonly #dropsReturn: boolean
  #rest = ''

  constructor(delimiter: string, sizeBytesMax: number) {
    this.#delimiter = delimiter
    this.#sizeBytesMax = sizeBytesMax
    this.#dropsReturn = delimiter === '\n'
  }

  /**
   * The records that these bytes complete.
   * @throws MALFORMED_RECORD if there is no delimiter for too long.
   */
  push(bytes: Uint8Array): string[] {
    const records = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split(
      this.#delimiter,
    )
    this.#rest = records.pop() as string
    if (this.#rest.length > this.#sizeBytesMax) {
      throw new EngineError(
        ErrorCode.MALFORMED_RECORD,
        `the socket sent more than ${this.#sizeBytesMax} characters without the delimiter ` +
          `${JSON.stringify(this.#delimiter)}; check the delimiter, or raise recordSizeBytesMax`,
      )
    }
    return this.#dropsReturn ? records.map(withoutReturn) : records
  }

  /** The last record, if the stream does not end with a delimiter. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.decode()
    this.#rest = ''
    return rest === '' ? [] : [this.#dropsReturn ? withoutReturn(rest) : rest]
  }
}

function withoutReturn(record: string): string {
  return record.endsWith('\r') ? record.slice(0, -1) : record
}
