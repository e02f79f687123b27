/// <reference types="node" />
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { multisetDifference } from '../../src/testing/multiset-difference.ts'
import { type JobRun, runJob } from './run-job.ts'
import type { Item, Relation, Step, Subject } from './subject.ts'
import { PLAIN, relationsIn, type Variation, variations } from './variation.ts'

/** How many cases of a subject are tried in the gate. */
const CASES = 24

const STEP_COUNT = 4

/** How many there are if the inputs take turns. */
const TURN_COUNT = 6

/** A job with its input, in two orders, and one variation of it. */
interface Case<D> {
  readonly description: D
  readonly orders: readonly [readonly Step[], readonly Step[]]
  readonly boundMs: number
  readonly variation: Variation
}

/** The tests of a subject: that its relations hold, and that they find its canaries. */
export function testRelations<D>(subject: Subject<D>, caseCount: number = CASES): void {
  describe(subject.name, () => {
    test(`${subject.relations.join(', ')} change no result`, { timeout: 600_000 }, async () => {
      const seen = new Set<Relation>()
      await assertAll(subject, Math.round(caseCount * nightFactor()), seen)
      // A relation that no case has tried proves nothing.
      if (!isReplay()) expect([...seen].sort()).toEqual([...subject.relations].sort())
    })

    test.each(Object.entries(subject.canaries))('canary: %s', async (name, build) => {
      expect(await findsMistake({ ...subject, build }), `nothing noticed that ${name}`).toBe(true)
    })
  })
}

/** Whether the relations of a subject find the mistake in it. */
export async function findsMistake<D>(subject: Subject<D>, numRuns = 200): Promise<boolean> {
  const property = fc.asyncProperty(cases(subject), (one) => check(subject, one, new Set()))
  const { failed } = await fc.check(property, { seed: 1, numRuns, endOnFailure: true })
  return failed
}

async function assertAll<D>(
  subject: Subject<D>,
  numRuns: number,
  seen: Set<Relation>,
): Promise<void> {
  const property = fc.asyncProperty(cases(subject), (one) => check(subject, one, seen))
  const { METAMORPHIC_SEED: seed, METAMORPHIC_PATH: path } = process.env
  const replay = path === undefined ? {} : { path, endOnFailure: true }
  const details = await fc.check(property, { seed: Number(seed ?? 1), numRuns, ...replay })
  if (!details.failed) return
  const { counterexample, counterexamplePath, errorInstance, numShrinks } = details
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  throw new Error(
    [
      `${message}`,
      `after ${details.numRuns} runs and ${numShrinks} shrinks: ${JSON.stringify(counterexample)}`,
      `replay: METAMORPHIC_SEED=${details.seed} METAMORPHIC_PATH=${counterexamplePath} ` +
        `vitest run test/metamorphic -t '${subject.name}'`,
    ].join('\n'),
    { cause: errorInstance },
  )
}

async function check<D>(subject: Subject<D>, one: Case<D>, seen: Set<Relation>): Promise<void> {
  const { description, variation, orders, boundMs } = one
  const { build, relations } = subject
  const isPermutable = relations.includes('permutation')
  const isPunctual = relations.includes('restart')
  const run: JobRun<D> = {
    build,
    description,
    steps: orders[0],
    boundMs,
    isPermutable,
    isPunctual,
  }
  const steps = orders[variation.order]
  const varied = await runJob({ ...run, steps }, variation)
  const expected = subject.expected?.(description, orders[0]) ?? (await runJob(run, PLAIN))
  for (const relation of relationsIn(variation)) seen.add(relation)
  compare(subject, expected, varied)
}

function compare<D>(
  { orderedBy }: Subject<D>,
  expected: readonly string[],
  actual: readonly string[],
): void {
  expect(multisetDifference(expected, actual)).toEqual({ missing: [], extra: [] })
  if (orderedBy === undefined) return
  const sequences = (results: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(Map.groupBy(results, orderedBy))
  expect(sequences(actual)).toEqual(sequences(expected))
}

function cases<D>(subject: Subject<D>): fc.Arbitrary<Case<D>> {
  const { relations } = subject
  const { boundMs = 10, takesTurns = false } = subject.items ?? {}
  const isPermutable = relations.includes('permutation')
  return fc
    .record({
      description: subject.descriptions,
      first: items(subject, 0, isPermutable),
      second: items(subject, 1, isPermutable),
      variation: variations(relations, takesTurns ? TURN_COUNT : STEP_COUNT),
    })
    .map(({ description, first, second, variation }) => {
      const order = (which: 0 | 1): readonly Step[] =>
        stepsOf([first[which] as readonly Item[], second[which] as readonly Item[]], takesTurns)
      return { description, orders: [order(0), order(1)], boundMs, variation }
    })
}

/** The items of an input in two orders, each with a disorder that the bound covers. */
function items<D>(
  { items: draws = {} }: Subject<D>,
  input: 0 | 1,
  isPermutable: boolean,
): fc.Arbitrary<readonly (readonly Item[])[]> {
  const { keyCount = 3, firstMs = 0, lastMs = 100, countMax = 20, boundMs = 10 } = draws
  const draw = fc.record({
    key: fc.nat(keyCount - 1).map((index) => `k${index}`),
    n: fc.integer({ min: 1, max: 9 }),
    atMs: fc.integer({ min: firstMs, max: lastMs }),
    lags: fc.tuple(fc.nat(boundMs), fc.nat(boundMs)),
  })
  return fc.array(draw, { minLength: 1, maxLength: countMax, size: 'max' }).map((list) => {
    const all = list.map(({ lags, ...item }, index) => ({
      item: { ...item, id: index * 2 + input },
      lags,
    }))
    if (!isPermutable) return [all.map(({ item }) => item), []]
    return [0, 1].map((which) =>
      all
        .toSorted(
          (left, right) =>
            left.item.atMs + (left.lags[which] ?? 0) - right.item.atMs - (right.lags[which] ?? 0),
        )
        .map(({ item }) => item),
    )
  })
}

/** Parts both inputs into steps of about equal size. */
function stepsOf(inputs: Step, takesTurns: boolean): readonly Step[] {
  const part = (all: readonly Item[], step: number, stepCount: number): readonly Item[] =>
    all.slice(
      Math.floor((all.length * step) / stepCount),
      Math.floor((all.length * (step + 1)) / stepCount),
    )
  const [first, second] = inputs
  if (!takesTurns) {
    return Array.from({ length: STEP_COUNT }, (_, step) => [
      part(first, step, STEP_COUNT),
      part(second, step, STEP_COUNT),
    ])
  }
  const turnCount = TURN_COUNT / 2
  return Array.from({ length: TURN_COUNT }, (_, step) => {
    const own = part(step % 2 === 0 ? first : second, Math.floor(step / 2), turnCount)
    return step % 2 === 0 ? [own, []] : [[], own]
  })
}

/** How many times as many cases as in the gate; for runs at night. */
function nightFactor(): number {
  return isReplay() ? 1 : Number(process.env.METAMORPHIC_FACTOR ?? 1)
}

function isReplay(): boolean {
  return process.env.METAMORPHIC_PATH !== undefined
}
