export {
  MachineCrash,
  type SinkCheckpoint,
  SinkHarness,
  type SinkHarnessOptions,
} from '../../src/testing/kit/sink-harness.ts'
