import { MAX_PARALLELISM_LIMIT } from '../key-group.ts'
import {
  booleanOption,
  type ConfigOption,
  choiceOption,
  durationOption,
  integerOption,
  textOption,
} from './config-option.ts'

/** The options of the engine by their names in code. */
export interface ConfigOptionSet {
  readonly runtimeMode: ConfigOption<'STREAMING' | 'BATCH' | 'AUTOMATIC'>
  readonly batchShuffleMode: ConfigOption<'ALL_EXCHANGES_BLOCKING' | 'ALL_EXCHANGES_PIPELINED'>
  readonly parallelism: ConfigOption<number>
  readonly maxParallelism: ConfigOption<number>
  readonly chaining: ConfigOption<boolean>
  readonly preAggregation: ConfigOption<'auto' | 'always' | 'never'>
  readonly autoWatermarkInterval: ConfigOption<number>
  readonly recordErrorPolicy: ConfigOption<'fail' | 'skip' | 'dead-letter'>
  readonly target: ConfigOption<'in-process' | 'threads'>
  readonly slots: ConfigOption<number>
  readonly channelCredits: ConfigOption<number>
  readonly ringBytes: ConfigOption<number>
  readonly threadHeapMebibytes: ConfigOption<number>
  readonly cancellationTimeout: ConfigOption<number>
  readonly checkpointInterval: ConfigOption<number | undefined>
  readonly checkpointTimeout: ConfigOption<number>
  readonly checkpointMinPause: ConfigOption<number>
  readonly tolerableFailedCheckpoints: ConfigOption<number>
  readonly checkpointDirectory: ConfigOption<string | undefined>
  readonly retainedCheckpoints: ConfigOption<number>
  readonly checkpointRetention: ConfigOption<'RETAIN_ON_CANCELLATION' | 'DELETE_ON_CANCELLATION'>
  readonly savepointPath: ConfigOption<string | undefined>
  readonly recoveryFallback: ConfigOption<boolean>
  readonly allowNonRestoredState: ConfigOption<boolean>
  readonly restartStrategy: ConfigOption<
    'auto' | 'none' | 'fixed-delay' | 'failure-rate' | 'exponential-delay'
  >
  readonly fixedDelayAttempts: ConfigOption<number>
  readonly fixedDelay: ConfigOption<number>
  readonly failureRateMax: ConfigOption<number>
  readonly failureRateInterval: ConfigOption<number>
  readonly failureRateDelay: ConfigOption<number>
  readonly exponentialInitial: ConfigOption<number>
  readonly exponentialMax: ConfigOption<number>
  readonly exponentialResetThreshold: ConfigOption<number>
  readonly exponentialAttempts: ConfigOption<number>
}

/**
 * Every option of the engine. Keys follow Flink where Flink has the option.
 *
 * ```ts
 * ConfigOptions.parallelism.key // => 'parallelism.default'
 * ConfigOptions.channelCredits.initialValue // => 8
 * ```
 */
export const ConfigOptions: ConfigOptionSet = Object.freeze({
  runtimeMode: choiceOption({
    key: 'execution.runtime-mode',
    initialValue: 'STREAMING',
    choices: ['STREAMING', 'BATCH', 'AUTOMATIC'],
    description: 'How the job runs; AUTOMATIC is BATCH if all sources are bounded.',
  }),
  batchShuffleMode: choiceOption({
    key: 'execution.batch-shuffle-mode',
    initialValue: 'ALL_EXCHANGES_BLOCKING',
    choices: ['ALL_EXCHANGES_BLOCKING', 'ALL_EXCHANGES_PIPELINED'],
    description: 'Whether a BATCH job runs stage by stage, or all of it at once.',
  }),
  parallelism: integerOption({
    key: 'parallelism.default',
    initialValue: 1,
    min: 1,
    max: MAX_PARALLELISM_LIMIT,
    description: 'Parallelism of operators that set none.',
  }),
  maxParallelism: integerOption({
    key: 'pipeline.max-parallelism',
    initialValue: 0,
    min: 0,
    max: MAX_PARALLELISM_LIMIT,
    description: 'Number of key groups; 0 takes 128, or the parallelism if that is higher.',
  }),
  chaining: booleanOption({
    key: 'pipeline.operator-chaining.enabled',
    initialValue: true,
    description: 'Whether operators may be chained into one task.',
  }),
  preAggregation: choiceOption({
    key: 'pipeline.pre-aggregation',
    initialValue: 'auto',
    choices: ['auto', 'always', 'never'],
    description:
      'Whether windows are aggregated ahead of their exchange where that changes no result: auto does ' +
      'it where records would cross threads, always also within one isolate.',
  }),
  autoWatermarkInterval: durationOption<number>({
    key: 'pipeline.auto-watermark-interval',
    initialValue: 200,
    description: 'How often periodic watermark generators emit; 0 is after every record.',
  }),
  recordErrorPolicy: choiceOption({
    key: 'pipeline.record-error-policy',
    initialValue: 'fail',
    choices: ['fail', 'skip', 'dead-letter'],
    description: 'What happens to a record whose user function throws.',
  }),
  target: choiceOption({
    key: 'execution.target',
    initialValue: 'in-process',
    choices: ['in-process', 'threads'],
    description: 'Where tasks run: in the isolate of the program, or in a thread per slot.',
  }),
  slots: integerOption({
    key: 'taskmanager.number-of-task-slots',
    initialValue: 1_024,
    min: 1,
    description: 'Slots of the local cluster.',
  }),
  channelCredits: integerOption({
    key: 'taskmanager.network.batches-per-channel',
    initialValue: 8,
    min: 1,
    max: 4_096,
    description: 'Record batches a channel holds before its sender is stopped.',
  }),
  ringBytes: integerOption({
    key: 'taskmanager.network.ring-bytes',
    initialValue: 1_048_576,
    min: 65_536,
    max: 1_073_741_824,
    description: 'Memory of a channel between two threads; a power of two.',
  }),
  threadHeapMebibytes: integerOption({
    key: 'taskmanager.thread.heap-mebibytes',
    initialValue: 0,
    min: 0,
    max: 1_048_576,
    description:
      'Objects a thread may hold before it is ended as out of memory; 0: as Node has it.',
  }),
  cancellationTimeout: durationOption<number>({
    key: 'task.cancellation.timeout',
    initialValue: 180_000,
    description:
      'On threads: a task that has not ended so long after its cancellation is ended with its thread.',
  }),
  checkpointInterval: durationOption<number | undefined>({
    key: 'execution.checkpointing.interval',
    initialValue: undefined,
    description: 'Time between the starts of two checkpoints; unset means none but the last.',
  }),
  checkpointTimeout: durationOption<number>({
    key: 'execution.checkpointing.timeout',
    initialValue: 600_000,
    description: 'A checkpoint that takes longer is given up.',
  }),
  checkpointMinPause: durationOption<number>({
    key: 'execution.checkpointing.min-pause',
    initialValue: 0,
    description: 'Least time between the end of a checkpoint and the start of the next.',
  }),
  tolerableFailedCheckpoints: integerOption({
    key: 'execution.checkpointing.tolerable-failed-checkpoints',
    initialValue: 0,
    min: 0,
    description: 'How many checkpoints in a row may fail before the job does.',
  }),
  checkpointDirectory: textOption<string | undefined>({
    key: 'execution.checkpointing.dir',
    initialValue: undefined,
    description: 'Folder for checkpoints; unset keeps them in memory.',
  }),
  retainedCheckpoints: integerOption({
    key: 'execution.checkpointing.num-retained',
    initialValue: 1,
    min: 1,
    max: 10_000,
    description: 'How many complete checkpoints are kept.',
  }),
  checkpointRetention: choiceOption({
    key: 'execution.checkpointing.externalized-checkpoint-retention',
    initialValue: 'RETAIN_ON_CANCELLATION',
    choices: ['RETAIN_ON_CANCELLATION', 'DELETE_ON_CANCELLATION'],
    description:
      'Whether checkpoints outlive a job that was cancelled or has finished. After a failure they do.',
  }),
  savepointPath: textOption<string | undefined>({
    key: 'execution.state-recovery.path',
    initialValue: undefined,
    description: "Checkpoint to start from: its folder, or 'latest' for the newest of the job.",
  }),
  recoveryFallback: booleanOption({
    key: 'execution.state-recovery.fallback-to-older',
    initialValue: false,
    description: 'Whether a corrupt latest checkpoint is passed over for an older one.',
  }),
  allowNonRestoredState: booleanOption({
    key: 'execution.state-recovery.ignore-unclaimed-state',
    initialValue: false,
    description: 'Whether state of operators that are gone may be dropped.',
  }),
  restartStrategy: choiceOption({
    key: 'restart-strategy.type',
    initialValue: 'auto',
    choices: ['auto', 'none', 'fixed-delay', 'failure-rate', 'exponential-delay'],
    description: 'auto: exponential-delay when checkpoints are on, otherwise none.',
  }),
  fixedDelayAttempts: integerOption({
    key: 'restart-strategy.fixed-delay.attempts',
    initialValue: 1,
    min: 0,
    description: 'How often a job is restarted before it fails.',
  }),
  fixedDelay: durationOption<number>({
    key: 'restart-strategy.fixed-delay.delay',
    initialValue: 1_000,
    description: 'Time between failure and restart.',
  }),
  failureRateMax: integerOption({
    key: 'restart-strategy.failure-rate.max-failures-per-interval',
    initialValue: 1,
    min: 1,
    description: 'Failures within the interval that are still answered by a restart.',
  }),
  failureRateInterval: durationOption<number>({
    key: 'restart-strategy.failure-rate.failure-rate-interval',
    initialValue: 60_000,
    description: 'The interval over which failures are counted.',
  }),
  failureRateDelay: durationOption<number>({
    key: 'restart-strategy.failure-rate.delay',
    initialValue: 1_000,
    description: 'Time between failure and restart.',
  }),
  exponentialInitial: durationOption<number>({
    key: 'restart-strategy.exponential-delay.initial-backoff',
    initialValue: 1_000,
    description: 'Delay before the first restart.',
  }),
  exponentialMax: durationOption<number>({
    key: 'restart-strategy.exponential-delay.max-backoff',
    initialValue: 60_000,
    description: 'Upper bound of the delay.',
  }),
  exponentialResetThreshold: durationOption<number>({
    key: 'restart-strategy.exponential-delay.reset-backoff-threshold',
    initialValue: 3_600_000,
    description: 'Time without failure after which the delay starts anew.',
  }),
  exponentialAttempts: integerOption({
    key: 'restart-strategy.exponential-delay.attempts-before-reset-backoff',
    initialValue: Number.MAX_SAFE_INTEGER,
    min: 0,
    description: 'How many restarts without such a quiet time before the job fails.',
  }),
})

/** All options by key. */
export const allOptions: ReadonlyMap<string, ConfigOption<unknown>> = new Map(
  Object.values(ConfigOptions).map((option) => [option.key, option as ConfigOption<unknown>]),
)
