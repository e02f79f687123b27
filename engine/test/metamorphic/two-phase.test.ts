/// <reference types="node" />
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { multisetDifference } from '../../src/testing/multiset-difference.ts'
import { type Move, runCase, type TwoPhaseCase, type TwoPhaseOutcome } from './two-phase-run.ts'
import { windowShapes } from './window-shapes.ts'

const CASES = 150

const MOVE_COUNT_MAX = 14

/** What becomes of late records. */
const LATE_RECORDS = [
  { latenessMs: 0, putsAside: false },
  { latenessMs: 0, putsAside: false }, // twice, as they may be folded in more ways
  { latenessMs: 4, putsAside: false },
  { latenessMs: 25, putsAside: false },
  { latenessMs: 0, putsAside: true },
  { latenessMs: 25, putsAside: true },
] as const

/**
 * The records of a move lie close together: at a time that goes on with the moves, or behind. Of
 * few keys they fold well, of many badly.
 */
const drawnMoves = (itemsMax: number) =>
  fc.array(
    fc.record({
      split: fc.nat(2),
      behindMs: fc.oneof(
        { weight: 2, arbitrary: fc.constant(0) },
        fc.integer({ min: 10, max: 60 }),
      ),
      keyCount: fc.constantFrom(2, 2, 40),
      items: fc.array(fc.record({ key: fc.nat(1_000), lagMs: fc.nat(6) }), {
        maxLength: itemsMax,
        size: 'max',
      }),
      isKilled: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
    { minLength: 3, maxLength: MOVE_COUNT_MAX, size: 'max' },
  )

const draws = (itemsMax: number) => ({
  shape: windowShapes('tumbling', 'sliding', 'cumulative'),
  way: fc.constantFrom('aggregate' as const, 'reduce' as const),
  entriesMax: fc.constantFrom(1, 3, 100),
  isJudgedOften: fc.boolean(),
  splitCount: fc.integer({ min: 1, max: 3 }),
  parallelism: fc.tuple(fc.nat(2), fc.nat(2)),
  batchSize: fc.constantFrom(1_024 as const, 7 as const, 1 as const),
  seed: fc.integer({ min: 1, max: 4 }),
  moves: drawnMoves(itemsMax),
})

/** The program asks for two phases. */
const cases: fc.Arbitrary<TwoPhaseCase> = fc
  .record({
    ...draws(6),
    late: fc.constantFrom(...LATE_RECORDS),
    emission: fc.constantFrom(
      'accumulating' as const,
      'discarding' as const,
      'retracting' as const,
    ),
  })
  .map(({ late, ...drawn }) => ({
    ...drawn,
    ...late,
    moves: movesOf(drawn.moves, drawn.splitCount),
  }))

/** The program leaves it to the plan, and nothing keeps it from two phases. */
const unaskedCases: fc.Arbitrary<TwoPhaseCase> = fc
  .record({ ...draws(30), isJudgedOften: fc.constantFrom(true, true, false) })
  .map((drawn) => ({
    ...drawn,
    latenessMs: 0,
    putsAside: false,
    emission: 'accumulating',
    moves: movesOf(drawn.moves, drawn.splitCount),
  }))

type DrawnMoves = ReturnType<typeof drawnMoves> extends fc.Arbitrary<infer M> ? M : never

function movesOf(drawn: DrawnMoves, splitCount: number): readonly Move[] {
  let id = 0
  return drawn.map(({ split, behindMs, keyCount, items, isKilled }, index) => ({
    split: split % splitCount,
    isKilled,
    items: items.map(({ key, lagMs }) => ({
      id: id++,
      key: key % keyCount < keyCount / 2 ? 'a' : `b${key % keyCount}`,
      n: 1,
      atMs: Math.max(0, (index + 1) * 10 - behindMs - lagMs),
    })),
  }))
}

/** What a case has tried. One that no case has tried proves nothing. */
function triedBy(one: TwoPhaseCase, { results, dropped, idleRecoveries }: TwoPhaseOutcome) {
  const tried: string[] = []
  const windows = results.filter((line) => !line.startsWith('late')).map((line) => line.split(' '))
  const fired = windows.map(([key, start, end]) => `${key} ${start} ${end}`)
  if (dropped > 1) tried.push('several dropped')
  if (results.length > windows.length) tried.push('put aside')
  if (one.emission === 'accumulating' && new Set(fired).size < fired.length) tried.push('corrected')
  if (idleRecoveries > 0) tried.push('idle and active again')
  if (one.moves.some(({ isKilled }) => isKilled)) tried.push('killed and rescaled')
  return tried
}

test('PAR-07 two phases give what one gives, with idle inputs, restores and late records', {
  timeout: 600_000,
}, async () => {
  const tried = new Set<string>()
  const property = fc.asyncProperty(cases, async (one) => {
    const [inOne, inTwo] = [await runCase(one, 'one'), await runCase(one, 'two')]
    expect(multisetDifference(inOne.results, inTwo.results)).toEqual({ missing: [], extra: [] })
    expect(inTwo.dropped).toBe(inOne.dropped)
    for (const each of triedBy(one, inOne)) tried.add(each)
  })
  const factor = Number(process.env.METAMORPHIC_FACTOR ?? 1)
  await fc.assert(property, { seed: 1, numRuns: Math.round(CASES * factor) })
  expect([...tried].sort()).toEqual([
    'corrected',
    'idle and active again',
    'killed and rescaled',
    'put aside',
    'several dropped',
  ])
})

const UNASKED_CASES = 100

/** What a case has tried of what only the plan does. */
function triedUnasked(one: TwoPhaseCase, { dropped, foldable, unfolded }: TwoPhaseOutcome) {
  const tried: string[] = []
  if (dropped > 1) tried.push('several dropped')
  if (unfolded === 0 && foldable > 0) tried.push('all folded')
  // So many are passed by at once: whoever has let fewer pass has folded others.
  if (unfolded > 0 && unfolded < foldable) tried.push('folded and not')
  if (one.moves.some(({ isKilled }) => isKilled)) tried.push('killed, rescaled and planned anew')
  return tried
}

test('PAR-07 what the plan folds unasked changes no result, nor that it once does and once not', {
  timeout: 600_000,
}, async () => {
  const tried = new Set<string>()
  const property = fc.asyncProperty(unaskedCases, async (one) => {
    const inOne = await runCase(one, 'one')
    expect(inOne.foldable).toBe(0)
    for (const phases of ['two unasked', 'two, then one', 'one, then two'] as const) {
      const outcome = await runCase(one, phases)
      expect(multisetDifference(inOne.results, outcome.results)).toEqual({ missing: [], extra: [] })
      expect(outcome.dropped).toBe(inOne.dropped)
      for (const each of triedUnasked(one, outcome)) tried.add(each)
    }
  })
  const factor = Number(process.env.METAMORPHIC_FACTOR ?? 1)
  await fc.assert(property, { seed: 1, numRuns: Math.round(UNASKED_CASES * factor) })
  expect([...tried].sort()).toEqual([
    'all folded',
    'folded and not',
    'killed, rescaled and planned anew',
    'several dropped',
  ])
})
