import type { StreamExecutionEnvironment } from '../../src/api/datastream/stream-execution-environment.ts'
import type { DataStream, KeyedStream, WindowedStream } from '../../src/api/datastream/streams.ts'
import { fileSink } from '../../src/connector/file-sink/file-sink.ts'
import { outputTag } from '../../src/core/output-tag.ts'
import type { Sink } from '../../src/operator/sink/sink.ts'
import { watermarks } from '../../src/operator/time/watermark-strategy.ts'
import { eventTimeSessionWindows } from '../../src/operator/window/assigners/event-time-session-windows.ts'
import { slidingEventTimeWindows } from '../../src/operator/window/assigners/sliding-event-time-windows.ts'
import { tumblingEventTimeWindows } from '../../src/operator/window/assigners/tumbling-event-time-windows.ts'
import type { TimeWindow } from '../../src/operator/window/time-window.ts'
import type { AggregateFunction } from '../../src/state/state-descriptor.ts'
import type { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import type { ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'
import { OUTPUT_FOLDER } from './crash-folders.ts'
import type { PipelineDescription, SimRecord, Stage } from './pipeline-description.ts'
import {
  bucketsFunction,
  distinctFunction,
  holdFunction,
  joinFunction,
  previousFunction,
} from './pipeline-functions.ts'
import {
  copies,
  counted,
  isKept,
  lateResult,
  lineOf,
  mapped,
  rekeyed,
  summed,
  variant,
  windowResult,
} from './record-functions.ts'
import { isKeyed } from './stream-properties.ts'

/** What a pipeline is built over: what outlives the job, and hooks of the test. */
export interface PipelineSurroundings {
  readonly inputs: readonly ScriptedInput<SimRecord>[]
  readonly log: FakeTransactionLog<string>
  /** Which start of the process this is, from 0. */
  readonly life: number
  /** Called by user functions once per record; may throw. */
  probe(): void
  /** May put a wrapper around the sink into the log. */
  wrapLogSink(sink: Sink<string, unknown, unknown>): Sink<string, unknown, unknown>
}

/** Builds the job of a description. */
export function buildPipeline(
  env: StreamExecutionEnvironment,
  description: PipelineDescription,
  surroundings: PipelineSurroundings,
): void {
  const builder = new PipelineBuilder(description, surroundings)
  let stream = builder.sources(env)
  for (const [index, stage] of description.stages.entries()) {
    stream = builder.stage(stream, stage, index)
  }
  builder.sinks(stream)
}

const keyOf = (record: SimRecord): string => record.key

const sumAggregate: AggregateFunction<SimRecord, number, number> = {
  createAccumulator: () => 0,
  add: (value, sum) => sum + value.n,
  getResult: (sum) => sum,
  merge: (left, right) => left + right,
}

class PipelineBuilder {
  readonly #description: PipelineDescription
  readonly #surroundings: PipelineSurroundings

  constructor(description: PipelineDescription, surroundings: PipelineSurroundings) {
    this.#description = description
    this.#surroundings = surroundings
  }

  sources(env: StreamExecutionEnvironment): DataStream<SimRecord> {
    const { sources, combine, combineParallelism } = this.#description
    const streams = sources.map((source, index) => {
      const strategy = watermarks
        .boundedOutOfOrderness<SimRecord>(source.boundMs)
        .emitEvery(source.emitEveryMs)
      const input = this.#surroundings.inputs[index] as ScriptedInput<SimRecord>
      const name = `source-${index}`
      return env.fromSource(scriptedSource(input), strategy, name, source.parallelism).uid(name)
    })
    const [first, second] = streams as [DataStream<SimRecord>, DataStream<SimRecord>?]
    if (second === undefined) return first
    if (combine === 'union') return first.union(second)
    return first
      .keyBy(keyOf)
      .connect(second.keyBy(keyOf))
      .process(joinFunction())
      .setParallelism(this.#scaled(combineParallelism))
      .uid('join')
  }

  stage(input: DataStream<SimRecord>, stage: Stage, index: number): DataStream<SimRecord> {
    const { probe } = this.#surroundings
    const place = <T>(stream: DataStream<T>): DataStream<T> => {
      const placed = stream.setParallelism(stage.parallelism).uid(`stage-${index}`)
      return stage.startsChain ? placed.startNewChain() : placed
    }
    if (!isKeyed(stage)) return this.#stateless(input, stage, index, place)
    if (stage.kind !== 'distinct') return this.#keyed(input, stage, index)
    // Doubles every record, so that there is something to drop.
    const doubled = place(
      input.flatMap<SimRecord>((record, out) => {
        probe()
        out.collect(record)
        out.collect(record)
      }),
    ).uid(`double-${index}`)
    return this.#keyed(doubled, stage, index)
  }

  sinks(stream: DataStream<SimRecord>): void {
    const { sinks, sinkParallelism, spanningFiles, commitDelayMs } = this.#description
    const { log, wrapLogSink } = this.#surroundings
    const parallelism = this.#scaled(sinkParallelism)
    for (const kind of sinks) {
      const lines = stream.map(lineOf).setParallelism(parallelism)
      const end =
        kind === 'log'
          ? lines.sinkTo(wrapLogSink(transactionalSink(log, { commitDelayMs }) as never))
          : lines.sinkTo(
              fileSink<string>({
                path: OUTPUT_FOLDER,
                encode: (line) => `${line}\n`,
                rolling: spanningFiles ? { onCheckpoint: false, maxSizeBytes: 200 } : {},
              }),
            )
      end.setParallelism(parallelism).uid(`sink-${kind}`)
    }
  }

  /** The parallelism of a keyed stage in this life. */
  #scaled(parallelism: number): number {
    const { life } = this.#surroundings
    return this.#description.rescales ? 1 + ((parallelism - 1 + life) % 3) : parallelism
  }

  #stateless(
    input: DataStream<SimRecord>,
    stage: Stage,
    index: number,
    place: <T>(stream: DataStream<T>) => DataStream<T>,
  ): DataStream<SimRecord> {
    const { probe } = this.#surroundings
    const map = (
      stream: DataStream<SimRecord>,
      fn: (record: SimRecord) => SimRecord,
    ): DataStream<SimRecord> =>
      place(
        stream.map((record) => {
          probe()
          return fn(record)
        }),
      )
    switch (stage.kind) {
      case 'map':
        return map(input, (record) => mapped(record, stage.add))
      case 'filter':
        return place(input.filter((record) => isKept(record, stage.modulus)))
      case 'flatMap':
        return place(
          input.flatMap<SimRecord>((record, out) => {
            probe()
            for (const copy of copies(record, stage.copies)) out.collect(copy)
          }),
        )
      case 'rekey':
        return map(input, (record) => rekeyed(record, stage.keyCount))
      case 'exchange':
        return map(input[stage.how](), (record) => record)
      case 'selfUnion': {
        const part = input.filter((record) => isKept(record, stage.modulus))
        return input.union(map(part, (record) => variant(record, index)))
      }
      default:
        throw new Error(`stage ${stage.kind} has state`)
    }
  }

  #keyed(input: DataStream<SimRecord>, stage: Stage, index: number): DataStream<SimRecord> {
    const { probe } = this.#surroundings
    const parallelism = this.#scaled(stage.parallelism)
    const place = <T>(stream: DataStream<T>): DataStream<T> =>
      stream.setParallelism(parallelism).uid(`stage-${index}`)
    const keyed = input.keyBy(keyOf)
    switch (stage.kind) {
      case 'distinct':
        return place(keyed.process(distinctFunction()))
      case 'count': {
        const ones = input.map((record) => ({ id: '', key: record.key, n: 1 }))
        const counts = ones
          .setParallelism(stage.parallelism)
          .keyBy(keyOf)
          .reduce((left, right) => ({ id: '', key: right.key, n: left.n + right.n }))
        const named = place(counts).map((record) => counted(record.key, record.n))
        return named.setParallelism(stage.parallelism)
      }
      case 'runningSum':
        return place(
          keyed.reduce((left, right) => {
            probe()
            return summed(left, right)
          }),
        )
      case 'previous':
        return place(keyed.process(previousFunction()))
      case 'buckets':
        return place(keyed.process(bucketsFunction(stage.sizeMs)))
      case 'hold':
        return place(keyed.process(holdFunction(stage.delayMs)))
      case 'window':
        return this.#window(keyed, stage, place)
      default:
        throw new Error(`stage ${stage.kind} has no state`)
    }
  }

  #window(
    input: KeyedStream<SimRecord, string>,
    stage: Extract<Stage, { kind: 'window' }>,
    place: <T>(stream: DataStream<T>) => DataStream<T>,
  ): DataStream<SimRecord> {
    const assigner =
      stage.shape === 'session'
        ? eventTimeSessionWindows(stage.sizeMs)
        : stage.shape === 'sliding'
          ? slidingEventTimeWindows(stage.sizeMs, stage.slideMs)
          : tumblingEventTimeWindows(stage.sizeMs)
    const tag = outputTag<SimRecord>('late')
    const windowed = input
      .window(assigner)
      .allowedLateness(stage.latenessMs)
      .sideOutputLateData(tag)
    const results = place(compute(windowed, stage.way))
    if (!stage.late) return results
    return results.union(results.getSideOutput(tag).map(lateResult))
  }
}

function compute(
  windowed: WindowedStream<SimRecord, string, TimeWindow>,
  way: 'aggregate' | 'reduce' | 'list',
): DataStream<SimRecord> {
  const emit = (key: string, window: TimeWindow, sum: number): SimRecord =>
    windowResult(key, window.startMs, window.endMs, sum)
  const sumOf = (records: Iterable<SimRecord>): number => {
    let sum = 0
    for (const { n } of records) sum += n
    return sum
  }
  switch (way) {
    case 'aggregate':
      return windowed.aggregate<number, number, SimRecord>(
        sumAggregate,
        (key, { window }, sums, out) => {
          for (const sum of sums) out.collect(emit(key, window, sum))
        },
      )
    case 'reduce':
      return windowed.reduce<SimRecord>(
        (left, right) => ({ ...right, n: left.n + right.n }),
        (key, { window }, sums, out) => out.collect(emit(key, window, sumOf(sums))),
      )
    case 'list':
      return windowed.process<SimRecord>((key, { window }, records, out) =>
        out.collect(emit(key, window, sumOf(records))),
      )
  }
}
