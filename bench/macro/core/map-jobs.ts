import {
  type DataStream,
  type StreamExecutionEnvironment,
  sequenceSource,
  watermarks,
} from '@millrace/engine'
import { type CheckedJob, type JobSize, rowAdder } from '../../jobs/checked-job.ts'

const adder = rowAdder<number>((value, hash) => hash.number(value))

/** A source, a map, a sink. */
export const mapSink: CheckedJob<number> = {
  name: 'map-sink',
  results: (env, size) => numbers(env, size).map(doubled),
  adder,
  plainly({ records }, add) {
    for (let n = 0; n < records; n++) add(2 * n)
  },
}

/** Two maps, and between them every record goes to the next subtask in turn. */
export const mapRebalanceMap: CheckedJob<number> = {
  name: 'map-rebalance-map',
  results: (env, size) => numbers(env, size).map(doubled).rebalance().map(doubled),
  adder,
  plainly({ records }, add) {
    for (let n = 0; n < records; n++) add(4 * n)
  },
}

function numbers(env: StreamExecutionEnvironment, { records }: JobSize): DataStream<number> {
  return env.fromSource(sequenceSource(0, records - 1), watermarks.none<number>(), 'numbers')
}

function doubled(value: number): number {
  return 2 * value
}
