export { runWithRestores } from '../../src/testing/kit/run-with-restores.ts'
export {
  type Malformed,
  SourceHarness,
  type SourceSnapshot,
} from '../../src/testing/kit/source-harness.ts'
