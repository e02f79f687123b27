import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { ConfigOption } from '../../core/config/config-option.ts'
import { type ConfigLayers, Configuration } from '../../core/config/configuration.ts'
import { ConfigOptions } from '../../core/config/options.ts'
import type { Source } from '../../operator/source/source.ts'
import { type WatermarkStrategy, watermarks } from '../../operator/time/watermark-strategy.ts'
import { type ExplainedPlan, explainAsJson, explainAsText } from '../../plan/explain.ts'
import type { JobClient, JobExecutionResult, JobExecutor } from '../../plan/job-executor.ts'
import { generateJobGraph, type JobGraph } from '../../plan/job-graph.ts'
import type { StreamGraph } from '../../plan/stream-graph.ts'
import { generateStreamGraph } from '../../plan/stream-graph-generator.ts'
import type { BuiltInConnectors, SocketTextOptions } from './built-in-connectors.ts'
import { ConnectedPair, KeyedConnectedPair } from './connected-pair.ts'
import { StreamBuilder } from './data-stream.ts'
import { KeyedGrouping } from './keyed-grouping.ts'
import { checkParallelism, Program } from './program.ts'
import type { StreamFactory } from './stream-factory.ts'
import type { DataStream } from './streams.ts'
import { WindowBuilder } from './window-builder.ts'

/** What an environment is made of; handed in by whoever composes the engine. */
export interface EnvironmentParts {
  readonly executor: JobExecutor
  readonly connectors: BuiltInConnectors
  /** Settings from outside of the program: a file, the command line. */
  readonly settings: Pick<ConfigLayers, 'file' | 'commandLine'>
}

/** What {@link StreamExecutionEnvironment.enableCheckpointing} takes beside the interval. */
export interface CheckpointingOptions {
  /** Folder for checkpoints; without it they are kept in memory. */
  readonly directory?: string
  /** How many complete checkpoints are kept. */
  readonly retained?: number
  /** A checkpoint that takes longer is given up, milliseconds. */
  readonly timeoutMs?: number
  /** Least time between the end of a checkpoint and the start of the next, milliseconds. */
  readonly minPauseMs?: number
  /** How many checkpoints in a row may fail before the job does. */
  readonly tolerableFailures?: number
}

/**
 * Where a program begins: makes the first streams, holds the settings, runs the job. Nothing runs
 * before {@link execute}.
 */
export class StreamExecutionEnvironment {
  readonly #parts: EnvironmentParts
  readonly #program: Program
  #code: Record<string, unknown> = {}
  #parameters: Readonly<Record<string, string>> = {}

  constructor(parts: EnvironmentParts) {
    this.#parts = parts
    this.#program = new Program(parts.connectors, streamFactory, (jobName) => this.execute(jobName))
  }

  /** Sets an option in code; code wins over command line and file. */
  set<T>(option: ConfigOption<T>, value: T): this {
    this.#code = { ...this.#code, [option.key]: value }
    return this
  }

  /** Sets options by key. @throws INVALID_CONFIG for unknown keys and bad values */
  configure(values: Readonly<Record<string, unknown>>): this {
    const code = { ...this.#code, ...values }
    new Configuration({ code })
    this.#code = code
    return this
  }

  /** The options in force. */
  get configuration(): Configuration {
    return new Configuration({ ...this.#parts.settings, code: this.#code })
  }

  /** Parallelism of operators that set none. */
  setParallelism(parallelism: number): this {
    return this.set(ConfigOptions.parallelism, checkParallelism('parallelism', parallelism))
  }

  /** Number of key groups of operators that set none; fixed for the life of the state. */
  setMaxParallelism(maxParallelism: number): this {
    return this.set(
      ConfigOptions.maxParallelism,
      checkParallelism('max parallelism', maxParallelism),
    )
  }

  /** Runs every operator in a task of its own. */
  disableOperatorChaining(): this {
    return this.set(ConfigOptions.chaining, false)
  }

  /** Parameters that every function can read in its runtime context. */
  setGlobalParameters(parameters: Readonly<Record<string, string>>): this {
    this.#parameters = { ...parameters }
    return this
  }

  /** Takes a checkpoint every `intervalMs` milliseconds. */
  enableCheckpointing(intervalMs: number, options: CheckpointingOptions = {}): this {
    this.set(ConfigOptions.checkpointInterval, intervalMs)
    const { directory, retained, timeoutMs, minPauseMs, tolerableFailures } = options
    if (directory !== undefined) this.set(ConfigOptions.checkpointDirectory, directory)
    if (retained !== undefined) this.set(ConfigOptions.retainedCheckpoints, retained)
    if (timeoutMs !== undefined) this.set(ConfigOptions.checkpointTimeout, timeoutMs)
    if (minPauseMs !== undefined) this.set(ConfigOptions.checkpointMinPause, minPauseMs)
    if (tolerableFailures !== undefined) {
      this.set(ConfigOptions.tolerableFailedCheckpoints, tolerableFailures)
    }
    return this
  }

  /** A stream of the given values. */
  fromElements<T>(...values: readonly T[]): DataStream<T> {
    return this.fromCollection(values)
  }

  /** A stream of the values of an array. */
  fromCollection<T>(values: readonly T[]): DataStream<T> {
    const source = this.#parts.connectors.collection(values)
    return this.fromSource(source, watermarks.none<T>(), 'Collection Source', 1)
  }

  /** The whole numbers from `from` to `to`, both included; in parallel, in no order. */
  fromSequence(from: number, to: number): DataStream<number> {
    const source = this.#parts.connectors.sequence(from, to)
    return this.fromSource(source, watermarks.none<number>(), 'Sequence Source')
  }

  /** The lines of a text file, or of all files in a folder. */
  readTextFile(path: string): DataStream<string> {
    const source = this.#parts.connectors.textFile(path)
    return this.fromSource(source, watermarks.none<string>(), `Text file ${path}`)
  }

  /** The lines that a TCP server sends. At most once: what was read before a failure is lost. */
  socketTextStream(
    host: string,
    port: number,
    options: Omit<SocketTextOptions, 'host' | 'port'> = {},
  ): DataStream<string> {
    const source = this.#parts.connectors.socketText({ host, port, ...options })
    return this.fromSource(source, watermarks.none<string>(), 'Socket Source', 1)
  }

  /** A stream from any source. `parallelism` is the source's, the environment's by default. */
  fromSource<T, Split, EnumeratorState>(
    source: Source<T, Split, EnumeratorState>,
    strategy: WatermarkStrategy<T> = watermarks.none<T>(),
    name: string = source.name,
    parallelism?: number,
  ): DataStream<T> {
    const body = {
      kind: 'source',
      source: source as Source<unknown, unknown, unknown>,
      watermarkStrategy: strategy as unknown as WatermarkStrategy<unknown>,
    } as const
    const transformation = this.#program.add(name, body, [])
    if (parallelism !== undefined) transformation.parallelism = parallelism
    return this.#program.streams.stream(transformation)
  }

  /** The plan of the program so far, as text. Runs nothing. */
  explain(): string {
    return explainAsText(this.#jobGraph(undefined).jobGraph)
  }

  /** The plan of the program so far, as JSON. Runs nothing. */
  explainJson(): ExplainedPlan {
    const { streamGraph, jobGraph } = this.#jobGraph(undefined)
    return explainAsJson(streamGraph, jobGraph)
  }

  /**
   * Runs the program and waits for its end.
   * @throws INVALID_PROGRAM if there is no pipeline, JOB_FAILED if the job failed for good
   */
  async execute(jobName?: string): Promise<JobExecutionResult> {
    const client = await this.executeAsync(jobName)
    return client.result()
  }

  /** Starts the program and returns a handle on the job. The environment is empty afterwards. */
  async executeAsync(jobName?: string): Promise<JobClient> {
    const { jobGraph } = this.#jobGraph(jobName)
    this.#program.clear()
    return this.#parts.executor.submit(jobGraph, {
      jobId: undefined,
      configuration: this.configuration,
      globalParameters: this.#parameters,
    })
  }

  #jobGraph(jobName: string | undefined): {
    readonly streamGraph: StreamGraph
    readonly jobGraph: JobGraph
  } {
    const { configuration } = this
    const maxParallelism = configuration.get(ConfigOptions.maxParallelism)
    if (this.#program.transformations.length === 0) {
      throw new EngineError(
        ErrorCode.INVALID_PROGRAM,
        'there is nothing to run: build a pipeline from a source to a sink before execute()',
      )
    }
    const streamGraph = generateStreamGraph(this.#program.transformations, {
      jobName: jobName ?? 'Millrace job',
      parallelism: configuration.get(ConfigOptions.parallelism),
      maxParallelism: maxParallelism === 0 ? undefined : maxParallelism,
      chainingEnabled: configuration.get(ConfigOptions.chaining),
    })
    return { streamGraph, jobGraph: generateJobGraph(streamGraph) }
  }
}

function streamFactory(program: Program): StreamFactory {
  return {
    stream: (transformation) => new StreamBuilder(program, transformation),
    keyed: (transformation, keyed) => new KeyedGrouping(program, transformation, keyed),
    windowed: (transformation, keyed, assigner) =>
      new WindowBuilder(program, transformation, keyed, { assigner }),
    connected: (left, right) => new ConnectedPair(program, left, right),
    keyedConnected: (left, right) => new KeyedConnectedPair(program, left, right),
  }
}
