import type { DataStream, StreamExecutionEnvironment } from '@millrace/engine'
import { MultisetDigest } from '../digest/multiset-digest.ts'
import { RowHash } from '../digest/row-hash.ts'

/** How much a job reads, and by how many subtasks. */
export interface JobSize {
  readonly records: number
  readonly parallelism: number
}

/** Takes up the results of a job, one after another. */
export type AddResult<R> = (result: R) => void

/**
 * A job whose output is known: it follows from its size alone, on one thread as on many, and is
 * computed once more in another way.
 */
export interface CheckedJob<R> {
  readonly name: string
  /** Builds the job up to its results. */
  results(env: StreamExecutionEnvironment, size: JobSize): DataStream<R>
  /** What adds results to a digest. */
  adder(digest: MultisetDigest): AddResult<R>
  /** What {@link plainly} is, for the result file. Default: plain loops. */
  readonly reference?: string
  /** Computes the same results without what is measured. */
  plainly(size: JobSize, add: AddResult<R>): void | Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: `adder` takes the results that `results` makes
export type AnyCheckedJob = CheckedJob<any>

/** Digests rows by their fields; for {@link CheckedJob.adder}. */
export function rowAdder<R>(addFields: (row: R, hash: RowHash) => RowHash): CheckedJob<R>['adder'] {
  return (digest) => {
    const hash = new RowHash()
    return (row) => digest.add(addFields(row, hash.begin()).word)
  }
}

/** The output that a job of this size must have. */
export async function expectedOutput(job: AnyCheckedJob, size: JobSize): Promise<string> {
  const digest = new MultisetDigest()
  await job.plainly(size, job.adder(digest))
  return digest.text
}
