import type { CaptureStyle } from './captured-output.ts'

/**
 * The ways in which a harness runs one scenario. Their outputs must agree.
 *
 * ```ts
 * HARNESS_MODES.includes('rescale') // => true
 * ```
 */
export const HARNESS_MODES = [
  'plain',
  'batch-of-one',
  'batch-random',
  'batch-all',
  'restore',
  'rescale',
  'full-output',
  'time-stress',
  'frozen',
] as const

/** One of {@link HARNESS_MODES}. */
export type HarnessMode = (typeof HARNESS_MODES)[number]

/** What a mode changes in the world of the operator, and how its output compares with plain's. */
export interface HarnessModeTraits {
  readonly captureStyle: CaptureStyle
  /** Hands over copies of the input, so that modes share no objects. Plain gets the test's own. */
  readonly copyInputs: boolean
  /** Freezes the records of the input and overwrites its batches afterwards. */
  readonly overwriteInputs: boolean
  /** False where fresh operators may fire timers of different keys in another order. */
  readonly keepsOrder: boolean
  /**
   * True if operators are replaced, so that what is not state (metrics, generators) starts anew.
   */
  readonly replacesOperators: boolean
}

const ONE_OPERATOR: HarnessModeTraits = {
  captureStyle: 'by-reference',
  copyInputs: true,
  overwriteInputs: false,
  keepsOrder: true,
  replacesOperators: false,
}
const REPLACING: HarnessModeTraits = { ...ONE_OPERATOR, keepsOrder: false, replacesOperators: true }

/** The traits of each mode. */
export const HARNESS_MODE_TRAITS: Readonly<Record<HarnessMode, HarnessModeTraits>> = {
  plain: { ...ONE_OPERATOR, copyInputs: false },
  'batch-of-one': ONE_OPERATOR,
  'batch-random': ONE_OPERATOR,
  'batch-all': ONE_OPERATOR,
  restore: REPLACING,
  rescale: REPLACING,
  'full-output': { ...ONE_OPERATOR, captureStyle: 'by-copy' },
  'time-stress': ONE_OPERATOR,
  frozen: { ...ONE_OPERATOR, captureStyle: 'frozen', overwriteInputs: true },
}
