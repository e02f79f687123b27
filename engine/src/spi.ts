/**
 * `@millrace/engine/spi`: the seams of the engine. Each is an interface with a reference
 * implementation; write another to learn or to extend.
 */

export { RecordBatch } from './core/record-batch.ts'
export type { Clock } from './env/clock.ts'
export type { Env } from './env/env.ts'
export type { Executor } from './env/executor.ts'
export type { FileHandle, FileStatus, FileSystem } from './env/file-system.ts'
export type { Random } from './env/random.ts'
export type { ScheduledTimer, Timers } from './env/timers.ts'
export type { Connection, ConnectionHandlers, Listener, Transport } from './env/transport.ts'
export type { OneInputOperator, Operator, OperatorFactory, TwoInputOperator } from './operator/operator.ts'
export type { Output } from './operator/output.ts'
export type { OperatorContext, ProcessingTimeService } from './operator/operator-context.ts'
export type {
  Committer,
  Sink,
  SinkCommitterContext,
  SinkWriter,
  SinkWriterContext,
} from './operator/sink/sink.ts'
export type {
  ReaderOutput,
  Source,
  SourceReader,
  SourceReaderContext,
  SplitEnumerator,
  SplitEnumeratorContext,
} from './operator/source/source.ts'
export { MinimumWatermarkMerger, type WatermarkMerger } from './operator/time/watermark-merger.ts'
export type { Trigger, TriggerContext, TriggerResult } from './operator/window/trigger.ts'
export type { Window } from './operator/window/window.ts'
export type { WindowAssigner } from './operator/window/window-assigner.ts'
export type { JobConfiguration } from './plan/job-configuration.ts'
export type { JobExecutor } from './plan/job-executor.ts'
export type { JobEdge, JobGraph, JobVertex } from './plan/job-graph.ts'
export { type Channel, LocalChannel } from './runtime/network/channel.ts'
export {
  AlignedBarrierHandler,
  type BarrierDecision,
  type BarrierHandler,
} from './runtime/task/barrier-handler.ts'
export type { CheckpointStorage } from './state/checkpoint/checkpoint-storage.ts'
export type { KeyedStateBackend } from './state/keyed-state-backend.ts'
export type { SerializerSnapshot, TypeSerializer } from './types/type-serializer.ts'
