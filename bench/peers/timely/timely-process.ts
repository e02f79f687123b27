import { LineProcess } from '../line-process.ts'
import { timelyBinary } from './timely-files.ts'

/** Our program for timely. */
export class TimelyProcess {
  readonly #process = new LineProcess('timely', timelyBinary(), [])

  /** Runs the job over the first records. @returns the digest of its output */
  run(workers: number, records: number): Promise<string> {
    return this.#process.ask(`${workers} ${records}`)
  }

  close(): void {
    this.#process.close()
  }
}
