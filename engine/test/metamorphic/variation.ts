import fc from 'fast-check'
import { type Relation, STEP_MS } from './subject.ts'

/** How a job is run. No difference between two variations may change its results. */
export interface Variation {
  /** Which of two orders the records come in. */
  readonly order: 0 | 1
  readonly parallelism: number
  /** Whether the parallelism changes with each kill. */
  readonly rescales: boolean
  readonly batchSize: 1_024 | 7 | 1
  readonly chaining: boolean
  /** The order of everything that happens at one moment follows from it. */
  readonly seed: number
  /**
   * After which steps the process is killed, and how long after; without a time, once a checkpoint
   * holds all there is.
   */
  readonly kills: readonly { readonly afterStep: number; readonly delayMs: number | undefined }[]
  /** After which step the input is silent for so long that it is idle, if after any. */
  readonly idleAfterStep: number | undefined
}

/** The run that others are compared with. */
export const PLAIN: Variation = {
  order: 0,
  parallelism: 1,
  rescales: false,
  batchSize: 1_024,
  chaining: true,
  seed: 1,
  kills: [],
  idleAfterStep: undefined,
}

/** Variations by the given relations; they shrink to the plain one. */
export function variations(
  relations: readonly Relation[],
  stepCount: number,
): fc.Arbitrary<Variation> {
  const varied = <T>(relation: Relation, plain: T, ...others: readonly T[]): fc.Arbitrary<T> =>
    fc.constantFrom(plain, ...(relations.includes(relation) ? others : []))
  const isKilled = relations.includes('crash') || relations.includes('restart')
  const delayMs = relations.includes('crash')
    ? fc.integer({ min: 0, max: STEP_MS - 1 })
    : fc.constant(undefined)
  return fc.record({
    order: varied<0 | 1>('permutation', 0, 1),
    parallelism: varied('parallelism', 1, 2, 4),
    rescales: varied('rescale', false, true),
    batchSize: varied<1_024 | 7 | 1>('batchSize', 1_024, 7, 1),
    chaining: varied('chaining', true, false),
    seed: varied('schedule', 1, 2, 3, 4),
    kills: fc
      .uniqueArray(fc.record({ afterStep: fc.nat(stepCount - 1), delayMs }), {
        maxLength: isKilled ? 2 : 0,
        selector: ({ afterStep }) => afterStep,
      })
      .map((kills) => kills.sort((left, right) => left.afterStep - right.afterStep)),
    idleAfterStep: relations.includes('idle')
      ? fc.option(fc.nat(stepCount - 1), { nil: undefined, freq: 2 })
      : fc.constant(undefined),
  })
}

/** What differs from the plain run. */
export function relationsIn(variation: Variation): readonly Relation[] {
  const found: Relation[] = []
  if (variation.order !== PLAIN.order) found.push('permutation')
  if (variation.parallelism !== PLAIN.parallelism) found.push('parallelism')
  if (variation.batchSize !== PLAIN.batchSize) found.push('batchSize')
  if (variation.chaining !== PLAIN.chaining) found.push('chaining')
  if (variation.seed !== PLAIN.seed) found.push('schedule')
  if (variation.rescales && variation.kills.length > 0) found.push('rescale')
  for (const { delayMs } of variation.kills) found.push(delayMs === undefined ? 'restart' : 'crash')
  if (variation.idleAfterStep !== undefined) found.push('idle')
  return found
}
