/** `@millrace/engine/testing`: tests of operators and jobs in time that only the test moves. */

/** @public */
export type { CapturedElement, TimedRecord } from './captured-output.ts'
/** @public */
export {
  assertExactlyOnce,
  checkExactlyOnce,
  type ExactlyOnceCheck,
  type ExactlyOnceCounts,
  type ExactlyOnceReport,
} from './exactly-once-oracle.ts'
/** @public */
export {
  type CallOutcome,
  FakeTransactionLog,
  type FakeTransactionLogOptions,
  type TransactionOperation,
  type TransactionStatus,
  type TransactionView,
} from './fake-transaction-log.ts'
/** @public */
export { HARNESS_MODES, type HarnessMode } from './harness-mode.ts'
/** @public */
export type { HarnessOptions } from './harness-options.ts'
/** @public */
export type { HarnessSnapshot } from './harness-snapshot.ts'
/** @experimental */
export { JobDriver, type JobDriverOptions, testJob } from './job-driver.ts'
/** @public */
export type { ConformanceCase } from './kit/conformance-case.ts'
/** @public */
export { type SinkConformanceOptions, sinkConformance } from './kit/sink-conformance.ts'
/** @experimental */
export { type SinkCheckpoint, SinkHarness, type SinkHarnessOptions } from './kit/sink-harness.ts'
/** @public */
export { type SourceConformanceOptions, sourceConformance } from './kit/source-conformance.ts'
/** @experimental */
export { type Malformed, SourceHarness, type SourceSnapshot } from './kit/source-harness.ts'
/** @public */
export {
  OperatorHarness,
  type OperatorHarnessOptions,
  operatorHarness,
} from './operator-harness.ts'
/** @public */
export { type RunInAllModesOptions, runInAllModes } from './run-in-all-modes.ts'
/** @public */
export {
  failOnce,
  malformed,
  record,
  type ScriptElement,
  ScriptedInput,
  type ScriptStep,
  WAIT,
} from './scripted-input.ts'
/** @public */
export {
  type ScriptedEnumeratorState,
  type ScriptedSplit,
  scriptedSource,
} from './scripted-source.ts'
/** @public */
export { events, formatEvents, type StreamEvent } from './stream-dsl.ts'
/** @experimental */
export { TestEnv, type TestEnvOptions } from './test-env.ts'
/** @public */
export {
  type TransactionalSinkOptions,
  type TransactionalWriterState,
  type TransactionCommittable,
  transactionalSink,
} from './transactional-sink.ts'
/** @public */
export {
  TwoInputHarness,
  type TwoInputHarnessOptions,
  twoInputHarness,
} from './two-input-harness.ts'
