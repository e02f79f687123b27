/**
 * What every platform's entry exports: the DataStream API, functions, windows, state, types and the
 * connectors that need nothing from outside. `index.ts` adds what is Node's, `browser.ts` what is
 * the browser's.
 */
export type { BuiltInConnectors, SocketTextOptions } from './api/datastream/built-in-connectors.ts'
export {
  type CheckpointingOptions,
  StreamExecutionEnvironment,
} from './api/datastream/stream-execution-environment.ts'
export type {
  ConnectedStreams,
  DataStream,
  DataStreamSink,
  KeyedConnectedStreams,
  KeyedStream,
  OperatorSettings,
  WindowedStream,
} from './api/datastream/streams.ts'
export { EngineError, ErrorCode } from './base/engine-error.ts'
export type { EnvironmentOptions } from './cluster/local/execution-environment.ts'
export { type CollectTarget, collectSink } from './connector/collect/collect-sink.ts'
export { collectionSource } from './connector/collection/collection-source.ts'
export { sequenceSource } from './connector/collection/sequence-source.ts'
export { type DatagenOptions, datagenSource } from './connector/datagen/datagen-source.ts'
export { discardSink } from './connector/discard/discard-sink.ts'
export { type PrintSinkOptions, printSink } from './connector/print/print-sink.ts'
export {
  type SocketTextSourceOptions,
  socketTextSource,
} from './connector/socket/socket-text-source.ts'
export {
  type Accumulator,
  CounterAccumulator,
  HistogramAccumulator,
} from './core/accumulator.ts'
export type { ConfigOption } from './core/config/config-option.ts'
export {
  type ConfigLayers,
  Configuration,
  type ConfigValues,
  type EffectiveOption,
} from './core/config/configuration.ts'
export { ConfigOptions } from './core/config/options.ts'
export { days, hours, minutes, seconds } from './core/duration.ts'
export type { Counter, MetricGroup } from './core/metrics.ts'
export { type OutputTag, outputTag } from './core/output-tag.ts'
export type { TaskInfo } from './core/task-info.ts'
export type {
  CheckpointedFunction,
  CheckpointListener,
  FunctionInitializationContext,
} from './operator/function/checkpointed-function.ts'
export { perSubtask } from './operator/function/function-supplier.ts'
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
export type { RuntimeContext } from './operator/function/runtime-context.ts'
export type {
  CoProcessFunction,
  KeyedCoProcessFunction,
} from './operator/process/co-process-function.ts'
export type {
  KeyedProcessContext,
  KeyedProcessFunction,
  OnTimerContext,
  ProcessContext,
  ProcessFunction,
} from './operator/process/process-function.ts'
export type { TimerService } from './operator/process/timer-service.ts'
export {
  DEAD_LETTERS,
  type DeadLetter,
  type RecordErrorPolicy,
} from './operator/record-error-policy.ts'
export type { Sink } from './operator/sink/sink.ts'
export type { Source } from './operator/source/source.ts'
export type { WatermarkGenerator, WatermarkOutput } from './operator/time/watermark-generator.ts'
export { WatermarkStrategy, watermarks } from './operator/time/watermark-strategy.ts'
export { eventTimeSessionWindows } from './operator/window/assigners/event-time-session-windows.ts'
export { globalWindows } from './operator/window/assigners/global-windows.ts'
export { processingTimeSessionWindows } from './operator/window/assigners/processing-time-session-windows.ts'
export { slidingEventTimeWindows } from './operator/window/assigners/sliding-event-time-windows.ts'
export { slidingProcessingTimeWindows } from './operator/window/assigners/sliding-processing-time-windows.ts'
export { tumblingEventTimeWindows } from './operator/window/assigners/tumbling-event-time-windows.ts'
export { tumblingProcessingTimeWindows } from './operator/window/assigners/tumbling-processing-time-windows.ts'
export type { GlobalWindow } from './operator/window/global-window.ts'
export { TimeWindow } from './operator/window/time-window.ts'
export { countTrigger } from './operator/window/triggers/count-trigger.ts'
export { eventTimeTrigger } from './operator/window/triggers/event-time-trigger.ts'
export { neverTrigger } from './operator/window/triggers/never-trigger.ts'
export { processingTimeTrigger } from './operator/window/triggers/processing-time-trigger.ts'
export { purgingTrigger } from './operator/window/triggers/purging-trigger.ts'
export type {
  ProcessWindow,
  ProcessWindowContext,
  ProcessWindowFunction,
} from './operator/window/window-function.ts'
export type { ExplainedPlan } from './plan/explain.ts'
export type {
  CheckpointStatistics,
  JobClient,
  JobExecutionResult,
  JobState,
  SubtaskCheckpointStatistics,
  SubtaskMetrics,
} from './plan/job-executor.ts'
export type {
  AggregatingState,
  KeyedStateStore,
  ListState,
  MapState,
  ReducingState,
  ValueState,
} from './state/keyed-state.ts'
export type { OperatorListState, OperatorStateStore } from './state/operator-state.ts'
export {
  type AggregateFunction,
  aggregatingState,
  listState,
  mapState,
  reducingState,
  valueState,
} from './state/state-descriptor.ts'
export { inferType } from './types/type-inference.ts'
export type { TypeInformation } from './types/type-information.ts'
export { TypeRegistry } from './types/type-registry.ts'
export { type TypeOf, types } from './types/types.ts'
