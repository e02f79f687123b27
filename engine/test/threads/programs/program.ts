import type { DataStream, StreamExecutionEnvironment, TypeInformation } from '../../../src/index.ts'
import { types } from '../../../src/index.ts'
import type { Reading } from './paused-readings.ts'

/** What a program is built from. */
export interface ProgramParts {
  readonly env: StreamExecutionEnvironment
  /** The input; fails as it is told to. */
  readonly readings: DataStream<Reading>
  /** The same once more, from a source of its own. */
  readonly others: DataStream<Reading>
  /** Whether sources wait at their end. */
  readonly holds: boolean
  /** A folder for the files of the job. */
  readonly folder: string
}

/** Builds a pipeline for one feature of the engine. Its results are compared as texts. */
export type Program = (parts: ProgramParts) => DataStream<string>

/** Programs that run as one job. */
export interface ProgramGroup {
  readonly programs: Readonly<Record<string, Program>>
  /**
   * For jobs that do not end, because their results come by the clock: how many results there are.
   */
  readonly resultCount?: number
}

export const READING: TypeInformation<Reading> = types.row({
  id: types.int,
  key: types.string,
  n: types.int,
})
