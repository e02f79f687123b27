/**
 * `@millrace/engine/spi`: the seams of the engine. Each is an interface with a reference
 * implementation; write another to learn or to extend.
 */

/** @experimental */
export { RecordBatch } from './core/record-batch.ts'
/** @experimental */
export type { Clock } from './env/clock.ts'
/** @experimental */
export type { Env } from './env/env.ts'
/** @experimental */
export type { Executor } from './env/executor.ts'
/** @experimental */
export type { FileHandle, FileStatus, FileSystem } from './env/file-system.ts'
/** @experimental */
export type { Random } from './env/random.ts'
/** @experimental */
export type { ScheduledTimer, Timers } from './env/timers.ts'
/** @experimental */
export type { Connection, ConnectionHandlers, Listener, Transport } from './env/transport.ts'
/** @experimental */
export type {
  OneInputOperator,
  Operator,
  OperatorFactory,
  TwoInputOperator,
} from './operator/operator.ts'
/** @experimental */
export type { OperatorContext, ProcessingTimeService } from './operator/operator-context.ts'
/** @experimental */
export type { Output } from './operator/output.ts'
/** @public */
export type {
  Committer,
  Sink,
  SinkCommitterContext,
  SinkWriter,
  SinkWriterContext,
} from './operator/sink/sink.ts'
/** @public */
export type {
  ReaderOutput,
  Source,
  SourceReader,
  SourceReaderContext,
  SplitEnumerator,
  SplitEnumeratorContext,
} from './operator/source/source.ts'
/** @public */
export { MinimumWatermarkMerger, type WatermarkMerger } from './operator/time/watermark-merger.ts'
/** @public */
export type { Trigger, TriggerContext, TriggerResult } from './operator/window/trigger.ts'
/** @public */
export type { Window } from './operator/window/window.ts'
/** @public */
export type { WindowAssigner } from './operator/window/window-assigner.ts'
/** @experimental */
export type { JobConfiguration } from './plan/job-configuration.ts'
/** @experimental */
export type { JobExecutor } from './plan/job-executor.ts'
/** @experimental */
export type { JobEdge, JobGraph, JobVertex } from './plan/job-graph.ts'
/** @experimental */
export type { ExchangeKind, PipelinedRegion } from './plan/pipelined-regions.ts'
/** @experimental */
export { type Channel, LocalChannel } from './runtime/network/channel.ts'
/** @experimental */
export {
  AlignedBarrierHandler,
  type BarrierDecision,
  type BarrierHandler,
} from './runtime/task/barrier-handler.ts'
/** @experimental */
export type { CheckpointStorage } from './state/checkpoint/checkpoint-storage.ts'
/** @experimental */
export type { KeyedStateBackend } from './state/keyed-state-backend.ts'
/** @experimental */
export type { SerializerSnapshot, TypeSerializer } from './types/type-serializer.ts'
