import { BlockGap } from '../source-base/record-block.ts'

/**
 * Turns what a source receives (a line, the content of a file) into records. Returns the record, or
 * null to leave it out; or emits any number of records to `out` and returns null. What it throws
 * makes the input malformed, and the job's record error policy decides: fail, skip, or dead letter.
 * For the same input it must always give the same records.
 */
export type DeserializationSchema<T, Raw = string> = (raw: Raw, out: RecordCollector<T>) => T | null

/** Takes the records of one input. */
export interface RecordCollector<T> {
  collect(record: T): void
}

/** Runs a schema and gathers what it gives: records, and a gap for each malformed input. */
export class SchemaRunner<T, Raw> {
  entries: (T | BlockGap)[] = []
  hasGaps = false
  readonly #schema: DeserializationSchema<T, Raw>
  readonly #out: RecordCollector<T> = {
    collect: (record) => {
      this.entries.push(record)
    },
  }

  constructor(schema: DeserializationSchema<T, Raw>) {
    this.#schema = schema
  }

  /**
   * Takes one input. Records emitted before a throw are dropped: an input counts as a whole or not
   * at all.
   *
   * @param originOf tells where input `index` stands; called only if it is malformed
   */
  add(raw: Raw, originOf: (index: number) => string, index: number): void {
    const { entries } = this
    const start = entries.length
    try {
      const record = this.#schema(raw, this.#out)
      if (record !== null) entries.push(record)
    } catch (cause) {
      entries.length = start
      this.addMalformed(raw, originOf(index), cause)
    }
  }

  /** Takes an input that did not even become `Raw`. */
  addMalformed(record: unknown, origin: string, cause: unknown): void {
    this.entries.push(new BlockGap({ record, origin, cause }))
    this.hasGaps = true
  }
}
