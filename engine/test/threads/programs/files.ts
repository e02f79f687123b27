/// <reference types="node" />
import { join } from 'node:path'
import { fileSink, fileSource, textEncoder, textLines } from '../../../src/connector/file/index.ts'
import { hybridSource, sequenceSource, types, watermarks } from '../../../src/index.ts'
import { pausedReadings, type Reading } from './paused-readings.ts'
import type { Program, ProgramGroup } from './program.ts'

/** The folders in the folder of a job. */
export const INPUT = 'input'
export const OUTPUT = 'output'

const sink: Program = ({ readings, folder }) => {
  const lines = readings.keyBy(({ key }) => key, types.string).map(({ id, n }) => `${id} ${n}`)
  lines.sinkTo(fileSink({ path: join(folder, OUTPUT), encode: textEncoder() }))
  return lines
}

const files: Program = ({ env, folder }) =>
  env
    .fromSource(fileSource({ path: join(folder, INPUT), format: textLines() }))
    .rebalance()
    .map((line) => `line ${line}`)

const hybrid: Program = ({ env, holds }) => {
  const history = sequenceSource(1, 100)
  const live = pausedReadings('Live', holds)
  return env
    .fromSource(hybridSource<number | Reading>(history, live), watermarks.none(), 'Hybrid')
    .keyBy((one) => (typeof one === 'number' ? one : one.id), types.int)
    .map((one) => (typeof one === 'number' ? `history ${one}` : `live ${one.id}`))
}

/** Sources of files, sources one after the other, files that are written exactly once. */
export const FILES: ProgramGroup = { programs: { sink, files, hybrid } }
