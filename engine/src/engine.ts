/**
 * What every platform's entry exports: the DataStream API, functions, windows, state, types and the
 * connectors that need nothing from outside. `index.ts` adds what is Node's, `browser.ts` what is
 * the browser's.
 */

/** @public */
export { type AsyncDataStream, asyncDataStream } from './api/datastream/async-data-stream.ts'
/** @public */
export type { BroadcastStream } from './api/datastream/broadcast-stream.ts'
/** @experimental */
export type { BuiltInConnectors, SocketTextOptions } from './api/datastream/built-in-connectors.ts'
/** @public */
export type { FieldAggregations } from './api/datastream/field-aggregations.ts'
/** @public */
export type {
  JoinBuilder,
  JoinOn,
  JoinWhere,
  JoinWindowSettings,
} from './api/datastream/join-builder.ts'
/** @public */
export type { OperatorSettings } from './api/datastream/operator-settings.ts'
/** @public */
export { reinterpretAsKeyedStream } from './api/datastream/reinterpret-as-keyed-stream.ts'
/** @public */
export type { Repartitioning } from './api/datastream/repartitioning.ts'
/** @public */
export {
  type CheckpointingOptions,
  StreamExecutionEnvironment,
} from './api/datastream/stream-execution-environment.ts'
/** @public */
export type { DataStreamSink, StreamOutputs } from './api/datastream/stream-outputs.ts'
/** @public */
export type {
  BroadcastConnectedStream,
  CoGroupedWindows,
  ConnectedStreams,
  DataStream,
  IntervalJoin,
  IntervalJoined,
  IterativeStream,
  JoinedWindows,
  KeyedBroadcastConnectedStream,
  KeyedConnectedStreams,
  KeyedStream,
  PartitionWindowedStream,
  WindowedStream,
} from './api/datastream/streams.ts'
/** @public */
export type { TwoPhaseOptions } from './api/datastream/window-refinements.ts'
/** @public */
export { EngineError, ErrorCode } from './base/engine-error.ts'
/** @public */
export { parseConfigArguments } from './cluster/local/config-arguments.ts'
/** @public */
export type { EnvironmentOptions } from './cluster/local/execution-environment.ts'
/** @public */
export type { ThreadProgram } from './cluster/local/threads/thread-task-managers.ts'
/** @public */
export { type CollectTarget, collectSink } from './connector/collect/collect-sink.ts'
/** @public */
export { collectionSource } from './connector/collection/collection-source.ts'
/** @public */
export { sequenceSource } from './connector/collection/sequence-source.ts'
/** @experimental */
export { type DatagenOptions, datagenSource } from './connector/datagen/datagen-source.ts'
/** @experimental */
export type {
  DeserializationSchema,
  RecordCollector,
} from './connector/deserialization/deserialization-schema.ts'
/** @public */
export { discardSink } from './connector/discard/discard-sink.ts'
/** @experimental */
export { hybridSource } from './connector/hybrid/hybrid-source.ts'
/** @experimental */
export type { HybridSplit, HybridState } from './connector/hybrid/hybrid-split.ts'
/** @experimental */
export type { AnySource, NextSource } from './connector/hybrid/hybrid-stages.ts'
/** @public */
export type { PeriodicSourceOptions, PollRows } from './connector/periodic/periodic-options.ts'
/** @public */
export { periodicSource } from './connector/periodic/periodic-source.ts'
/** @public */
export { type PrintSinkOptions, printSink } from './connector/print/print-sink.ts'
/** @experimental */
export { rateLimited } from './connector/rate-limit/rate-limited.ts'
/** @experimental */
export {
  type SocketSourceOptions,
  type SocketTextSourceOptions,
  socketSource,
  socketTextSource,
} from './connector/socket/socket-text-source.ts'
/** @experimental */
export {
  BlockGap,
  LEFT_OUT,
  type MalformedEntry,
  type RecordBlock,
  type SplitFetcher,
} from './connector/source-base/record-block.ts'
/** @experimental */
export {
  SplitQueueEnumerator,
  type SplitQueueState,
} from './connector/source-base/split-queue-enumerator.ts'
/** @experimental */
export { SplitReader, type SplitReaderOptions } from './connector/source-base/split-reader.ts'
/** @experimental */
export type { PollSplit, SourceShare } from './connector/source-function/poll-split.ts'
/** @experimental */
export {
  type SourceFunctionOptions,
  sourceFunction,
} from './connector/source-function/source-function.ts'
/** @experimental */
export {
  type Accumulator,
  CounterAccumulator,
  HistogramAccumulator,
} from './core/accumulator.ts'
/** @public */
export type { ConfigOption } from './core/config/config-option.ts'
/** @public */
export {
  type ConfigLayers,
  Configuration,
  type ConfigValues,
  type EffectiveOption,
} from './core/config/configuration.ts'
/** @public */
export { ConfigOptions } from './core/config/options.ts'
/** @public */
export { days, hours, minutes, seconds } from './core/duration.ts'
/** @public */
export type { Counter, MetricGroup } from './core/metrics.ts'
/** @public */
export { type OutputTag, outputTag } from './core/output-tag.ts'
/** @public */
export type { TaskInfo } from './core/task-info.ts'
/** @public */
export {
  type ApproximateDistinctCountOptions,
  approximateDistinctCount,
} from './operator/aggregate/approximate-distinct-count.ts'
/** @public */
export { distinctCount, type MergeKeepingAggregate } from './operator/aggregate/distinct-count.ts'
/** @public */
export type {
  AsyncCall,
  AsyncFunction,
  AsyncOptions,
  AsyncResult,
} from './operator/async/async-function.ts'
/** @public */
export {
  type AsyncRetryPredicates,
  type AsyncRetryStrategy,
  exponentialDelayRetry,
  fixedDelayRetry,
} from './operator/async/async-retry-strategy.ts'
/** @public */
export type {
  BroadcastContext,
  BroadcastDescriptor,
  BroadcastProcessFunction,
  KeyedBroadcastContext,
  KeyedBroadcastProcessFunction,
  KeyedReadOnlyBroadcastContext,
  OnTimerBroadcastContext,
  ReadOnlyBroadcastContext,
} from './operator/broadcast/broadcast-process-function.ts'
/** @public */
export type { BufferAndFlushOptions } from './operator/buffering/buffer-and-flush.ts'
/** @public */
export type { Difference, DifferenceOptions } from './operator/difference/difference.ts'
/** @public */
export type {
  CheckpointedFunction,
  CheckpointListener,
  FunctionInitializationContext,
} from './operator/function/checkpointed-function.ts'
/** @experimental */
export { perSubtask } from './operator/function/function-supplier.ts'
/** @public */
export type {
  CoFlatMapFunction,
  Collector,
  CoMapFunction,
  FilterFunction,
  FlatMapFunction,
  KeySelector,
  MapFunction,
  Partitioner,
  ReduceFunction,
  RichFunction,
} from './operator/function/functions.ts'
/** @public */
export type { RuntimeContext } from './operator/function/runtime-context.ts'
/** @public */
export type {
  ProcessJoin,
  ProcessJoinContext,
  ProcessJoinFunction,
} from './operator/join/process-join-function.ts'
/** @public */
export type {
  CoGroup,
  CoGroupFunction,
  FlatJoinFunction,
  Join,
  JoinFunction,
} from './operator/join/window-join-function.ts'
/** @public */
export type { DeduplicateOptions } from './operator/keyed/deduplicate.ts'
/** @public */
export type { SortByEventTimeOptions } from './operator/ordering/sort-by-event-time.ts'
/** @public */
export type {
  MapPartition,
  MapPartitionFunction,
  SortOrder,
} from './operator/partition/map-partition-function.ts'
/** @public */
export type {
  CoProcessFunction,
  KeyedCoProcessFunction,
} from './operator/process/co-process-function.ts'
/** @public */
export type {
  KeyedProcessContext,
  KeyedProcessFunction,
  OnTimerContext,
  ProcessContext,
  ProcessFunction,
} from './operator/process/process-function.ts'
/** @public */
export type { TimerService } from './operator/process/timer-service.ts'
/** @experimental */
export {
  DEAD_LETTERS,
  type DeadLetter,
  type RecordErrorPolicy,
} from './operator/record-error-policy.ts'
/** @experimental */
export type { ResourceLease, ResourceOptions } from './operator/resource/shared-resources.ts'
/** @public */
export type { Sink } from './operator/sink/sink.ts'
/** @public */
export type { Source } from './operator/source/source.ts'
/** @public */
export type { WatermarkGenerator, WatermarkOutput } from './operator/time/watermark-generator.ts'
/** @public */
export {
  type ForwardJumpOptions,
  WatermarkStrategy,
  watermarks,
} from './operator/time/watermark-strategy.ts'
/** @public */
export {
  type CalendarWindows,
  calendarEventTimeWindows,
  type Weekday,
} from './operator/window/assigners/calendar-event-time-windows.ts'
/** @public */
export { cumulativeEventTimeWindows } from './operator/window/assigners/cumulative-event-time-windows.ts'
/** @public */
export {
  dynamicEventTimeSessionWindows,
  dynamicProcessingTimeSessionWindows,
  type SessionGap,
} from './operator/window/assigners/dynamic-session-windows.ts'
/** @public */
/** @public */
export { endOfStreamWindows } from './operator/window/assigners/end-of-stream-windows.ts'
/** @public */
export { eventTimeSessionWindows } from './operator/window/assigners/event-time-session-windows.ts'
/** @public */
export { globalWindows } from './operator/window/assigners/global-windows.ts'
/** @public */
export { processingTimeSessionWindows } from './operator/window/assigners/processing-time-session-windows.ts'
/** @public */
export { slidingEventTimeWindows } from './operator/window/assigners/sliding-event-time-windows.ts'
/** @public */
export { slidingProcessingTimeWindows } from './operator/window/assigners/sliding-processing-time-windows.ts'
/** @public */
export { tumblingEventTimeWindows } from './operator/window/assigners/tumbling-event-time-windows.ts'
/** @public */
export { tumblingProcessingTimeWindows } from './operator/window/assigners/tumbling-processing-time-windows.ts'
/** @public */
export type {
  Evictor,
  EvictorContext,
  EvictorOptions,
  Kept,
  TimedValue,
} from './operator/window/evictor.ts'
/** @public */
export { countEvictor } from './operator/window/evictors/count-evictor.ts'
/** @public */
export { deltaEvictor } from './operator/window/evictors/delta-evictor.ts'
/** @public */
export { timeEvictor } from './operator/window/evictors/time-evictor.ts'
/** @public */
export type { GlobalWindow } from './operator/window/global-window.ts'
/** @public */
export type { WindowMerge } from './operator/window/merge-trace.ts'
/** @public */
export { TimeWindow } from './operator/window/time-window.ts'
/** @public */
export type {
  MergeTriggerContext,
  Trigger,
  TriggerContext,
  TriggerResult,
} from './operator/window/trigger.ts'
/** @public */
export { continuousEventTimeTrigger } from './operator/window/triggers/continuous-event-time-trigger.ts'
/** @public */
export { continuousProcessingTimeTrigger } from './operator/window/triggers/continuous-processing-time-trigger.ts'
/** @public */
export { countOrTimeTrigger } from './operator/window/triggers/count-or-time-trigger.ts'
/** @public */
export { countTrigger } from './operator/window/triggers/count-trigger.ts'
/** @public */
export { type DeltaTriggerOptions, deltaTrigger } from './operator/window/triggers/delta-trigger.ts'
/** @public */
export { eventTimeTrigger } from './operator/window/triggers/event-time-trigger.ts'
/** @public */
export { neverTrigger } from './operator/window/triggers/never-trigger.ts'
/** @public */
export { processingTimeTrigger } from './operator/window/triggers/processing-time-trigger.ts'
/** @public */
export {
  type ProcessingTimeoutOptions,
  processingTimeoutTrigger,
} from './operator/window/triggers/processing-timeout-trigger.ts'
/** @public */
export { purgingTrigger } from './operator/window/triggers/purging-trigger.ts'
/** @public */
export type { Window } from './operator/window/window.ts'
/** @public */
export type { WindowAssigner, WindowAssignerContext } from './operator/window/window-assigner.ts'
/** @public */
export type { WindowChange } from './operator/window/window-change.ts'
/** @public */
export { START_END_CODEC, type WindowCodec } from './operator/window/window-codec.ts'
/** @public */
export type { Emitted, WindowEmission } from './operator/window/window-emission.ts'
/** @public */
export type {
  ProcessWindow,
  ProcessWindowContext,
  ProcessWindowFunction,
  WindowFunction,
} from './operator/window/window-function.ts'
/** @experimental */
export type { ExplainedPlan } from './plan/explain.ts'
/** @public */
export type {
  CheckpointStatistics,
  JobClient,
  JobExecutionResult,
  JobState,
  KeyGroupShare,
  OperatorSkew,
  SubtaskCheckpointStatistics,
  SubtaskMetrics,
} from './plan/job-executor.ts'
/** @public */
export type { ResolvedRuntimeMode, RuntimeMode } from './plan/runtime-mode.ts'
/** @public */
export type {
  AggregatingState,
  KeyedStateStore,
  ListState,
  MapState,
  ReducingState,
  ValueState,
} from './state/keyed-state.ts'
/** @public */
export type {
  BroadcastState,
  OperatorListState,
  OperatorStateStore,
  ReadOnlyBroadcastState,
} from './state/operator-state.ts'
/** @public */
export {
  type AggregateFunction,
  aggregatingState,
  listState,
  mapState,
  reducingState,
  valueState,
} from './state/state-descriptor.ts'
/** @public */
export {
  type StateTtl,
  type StateTtlOptions,
  stateTtl,
  type TtlCleanup,
  type TtlUpdate,
  type TtlVisibility,
} from './state/ttl/state-ttl.ts'
/** @experimental */
export type { CustomType } from './types/custom-type.ts'
/** @experimental */
export { inferType } from './types/type-inference.ts'
/** @public */
export type { TypeInformation } from './types/type-information.ts'
/** @experimental */
export { TypeRegistry } from './types/type-registry.ts'
/** @public */
export { type TypeOf, types } from './types/types.ts'
