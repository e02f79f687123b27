import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { ConfigOption } from '../../core/config/config-option.ts'
import { type ConfigLayers, Configuration } from '../../core/config/configuration.ts'
import { ConfigOptions } from '../../core/config/options.ts'
import type { Source } from '../../operator/source/source.ts'
import { type WatermarkStrategy, watermarks } from '../../operator/time/watermark-strategy.ts'
import { type ExplainedPlan, explainAsJson, explainAsText } from '../../plan/explain.ts'
import type { JobClient, JobExecutionResult, JobExecutor } from '../../plan/job-executor.ts'
import { generateJobGraph, type JobGraph } from '../../plan/job-graph.ts'
import type { RuntimeMode } from '../../plan/runtime-mode.ts'
import type { StreamGraph } from '../../plan/stream-graph.ts'
import { generateStreamGraph } from '../../plan/stream-graph-generator.ts'
import type { CustomType } from '../../types/custom-type.ts'
import { type ClassOf, TypeRegistry } from '../../types/type-registry.ts'
import type { BuiltInConnectors, SocketTextOptions } from './built-in-connectors.ts'
import { ConnectedPair, KeyedConnectedPair } from './connected-pair.ts'
import { StreamBuilder } from './data-stream.ts'
import { LoopBuilder } from './iterative-stream.ts'
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
 * before {@link execute}. Made by `getExecutionEnvironment`.
 *
 * ```ts
 * const words = env.fromElements('to', 'be').map((word) => word.toUpperCase())
 * await words.executeAndCollect() // => ['TO', 'BE']
 * ```
 */
export class StreamExecutionEnvironment {
  readonly #parts: EnvironmentParts
  readonly #program: Program
  #code: Record<string, unknown> = {}
  #parameters: Readonly<Record<string, string>> = {}
  readonly #typeRegistry = new TypeRegistry()

  constructor(parts: EnvironmentParts) {
    this.#parts = parts
    this.#program = new Program(parts.connectors, streamFactory, (jobName) => this.execute(jobName))
  }

  /**
   * Sets an option in code; code wins over command line and file. The value is not checked here but
   * where it is read.
   *
   * ```ts
   * env.set(ConfigOptions.parallelism, 4).configuration.get(ConfigOptions.parallelism) // => 4
   * ```
   */
  set<T>(option: ConfigOption<T>, value: T): this {
    this.#code = { ...this.#code, [option.key]: value }
    return this
  }

  /**
   * Sets options by key, with the values and units that the configuration reference lists.
   *
   * ```ts
   * env.configure({ 'execution.checkpointing.interval': '10 s' })
   * env.configuration.get(ConfigOptions.checkpointInterval) // => 10_000
   * env.configure({ 'parallelism.defalt': 2 }) // throws INVALID_CONFIG
   * ```
   * @throws INVALID_CONFIG for unknown keys and bad values; the message names the nearest key, or
   *   what the option takes
   */
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

  /**
   * Sets how the job runs. In BATCH, for bounded input, it runs stage by stage and emits final
   * results only: one per key of a rolling aggregation. `AUTOMATIC` is BATCH if every source is
   * bounded. Default: STREAMING.
   *
   * ```ts
   * env.setRuntimeMode('BATCH')
   * await env.fromElements(1, 2, 3).keyBy((n) => n % 2).sum().executeAndCollect() // => [2, 4]
   * ```
   * @throws INVALID_PROGRAM from `execute`, for BATCH with an unbounded source or with `iterate()`
   * @see FLIP-134, "Batch execution for the DataStream API"
   */
  setRuntimeMode(mode: RuntimeMode): this {
    return this.set(ConfigOptions.runtimeMode, mode)
  }

  /**
   * Sets the parallelism of operators that set none.
   *
   * @throws INVALID_ARGUMENT unless it is a whole number of at least 1
   */
  setParallelism(parallelism: number): this {
    return this.set(ConfigOptions.parallelism, checkParallelism('parallelism', parallelism))
  }

  /**
   * Sets the number of key groups of operators that set none: the highest parallelism they can ever
   * have. Fixed for the life of the state.
   *
   * @throws INVALID_ARGUMENT unless it is a whole number of at least 1
   */
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

  /**
   * Registers a class with a serializer of its own, so that instances of it may stand in state that
   * declares no type, anywhere inside plain data. They come back from a restore with their methods.
   * State that holds instances and nothing else may as well declare the type itself.
   *
   * ```ts
   * class Money {
   *   readonly cents: number
   *   constructor(cents: number) {
   *     this.cents = cents
   *   }
   * }
   * const moneyType = types.custom<Money>({
   *   name: 'money',
   *   version: 1,
   *   accepts: (value) => value instanceof Money,
   *   serialize: (money, output) => output.f64(money.cents),
   *   deserialize: (input) => new Money(input.f64()),
   * })
   * env.registerType(Money, moneyType)
   * ```
   * @throws INVALID_ARGUMENT if the class or the name of the type is registered already
   */
  registerType<T>(classOf: ClassOf<T>, type: CustomType<T>): this {
    this.#typeRegistry.register(classOf, type)
    return this
  }

  /** Parameters that every function can read in its runtime context. */
  setGlobalParameters(parameters: Readonly<Record<string, string>>): this {
    this.#parameters = { ...parameters }
    return this
  }

  /**
   * Takes a checkpoint every `intervalMs` milliseconds, from which a failed job goes on. It also
   * turns on restarts: with the default strategy a job without checkpoints fails at its first
   * failure.
   *
   * ```ts
   * env.enableCheckpointing(seconds(10), { directory: 'checkpoints', retained: 3 })
   * env.configuration.get(ConfigOptions.retainedCheckpoints) // => 3
   * ```
   * @see Carbone et al., "Lightweight Asynchronous Snapshots for Distributed Dataflows" (2015);
   *   FLIP-147, "Support Checkpoints After Tasks Finished"
   */
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

  /**
   * A stream of the given values, in order.
   *
   * ```ts
   * await env.fromElements('a', 'b').executeAndCollect() // => ['a', 'b']
   * ```
   */
  fromElements<T>(...values: readonly T[]): DataStream<T> {
    return this.fromCollection(values)
  }

  /**
   * A stream of the values of an array, in order. The array is read while the job runs.
   *
   * ```ts
   * await env.fromCollection([3, 1, 2]).executeAndCollect() // => [3, 1, 2]
   * ```
   */
  fromCollection<T>(values: readonly T[]): DataStream<T> {
    const source = this.#parts.connectors.collection(values)
    return this.fromSource(source, watermarks.none<T>(), 'Collection Source', 1)
  }

  /**
   * The whole numbers from `from` to `to`, both included. With a parallelism above 1 in no order.
   *
   * ```ts
   * await env.fromSequence(5, 8).executeAndCollect() // => [5, 6, 7, 8]
   * ```
   * @throws INVALID_ARGUMENT unless both are safe integers
   */
  fromSequence(from: number, to: number): DataStream<number> {
    const source = this.#parts.connectors.sequence(from, to)
    return this.fromSource(source, watermarks.none<number>(), 'Sequence Source')
  }

  /**
   * The lines of a text file, or of all files in a folder, without their line ends. For more
   * formats and options see `fileSource` of `@millrace/engine/connector/file`.
   */
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

  /**
   * A stream from any source.
   *
   * @param strategy how records get timestamps and the stream watermarks; without it there are no
   *   watermarks but the last one
   * @param parallelism the source's; the environment's by default
   *
   * ```ts
   * const source = datagenSource({ generate: (index) => index * index, count: 4 })
   * await env.fromSource(source).executeAndCollect() // => [0, 1, 4, 9]
   * ```
   * @see FLIP-27, "Refactor Source Interface"
   */
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
    transformation.parallelismLimit = source.parallelismLimit
    return this.#program.streams.stream(transformation)
  }

  /**
   * The plan of the program so far, as text: job vertices with the operators chained in them. Runs
   * nothing.
   *
   * ```ts
   * env.fromElements(1).map((n) => n).print()
   * env.explain().includes('Collection Source -> Map -> Print to Std. Out') // => true
   * ```
   */
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
   *
   * @param jobName names the job and the folder of its checkpoints; give each job one of its own
   * @throws INVALID_PROGRAM if there is no pipeline, or it is not valid: correct the program
   * @throws JOB_FAILED if the job failed for good: `cause` says why
   * @throws NOT_ENOUGH_SLOTS, CHECKPOINT_NOT_FOUND, CORRUPT_CHECKPOINT, STATE_NOT_RESTORABLE if the
   *   job cannot start: the message says what to change
   */
  async execute(jobName?: string): Promise<JobExecutionResult> {
    const client = await this.executeAsync(jobName)
    return client.result()
  }

  /**
   * Starts the program and returns a handle on the job. The environment is empty afterwards.
   *
   * ```ts
   * env.fromSequence(1, 100).sinkTo(discardSink())
   * const client = await env.executeAsync('count')
   * const { restarts } = await client.result()
   * restarts // => 0
   * client.status() // => 'FINISHED'
   * ```
   * @throws as `execute`, except JOB_FAILED, which `client.result()` rejects with
   */
  async executeAsync(jobName?: string): Promise<JobClient> {
    const { jobGraph } = this.#jobGraph(jobName)
    this.#program.clear()
    return this.#parts.executor.submit(jobGraph, {
      jobId: undefined,
      configuration: this.configuration,
      globalParameters: this.#parameters,
      typeRegistry: this.#typeRegistry,
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
      runtimeMode: configuration.get(ConfigOptions.runtimeMode),
      batchShuffleMode: configuration.get(ConfigOptions.batchShuffleMode),
      target: configuration.get(ConfigOptions.target),
      preAggregation: configuration.get(ConfigOptions.preAggregation),
      recordErrorPolicy: configuration.get(ConfigOptions.recordErrorPolicy),
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
    iterative: (head, iteration) => new LoopBuilder(program, head, iteration),
    keyedConnected: (left, right) => new KeyedConnectedPair(program, left, right),
  }
}
