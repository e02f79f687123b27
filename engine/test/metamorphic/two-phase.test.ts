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

/** The records of a move lie close together: at a time that goes on with the moves, or behind. */
const drawnMoves = fc.array(
  fc.record({
    split: fc.nat(2),
    behindMs: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 10, max: 60 })),
    items: fc.array(fc.record({ key: fc.constantFrom('a', 'a', 'a', 'b'), lagMs: fc.nat(6) }), {
      maxLength: 6,
      size: 'max',
    }),
    isKilled: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  }),
  { minLength: 3, maxLength: MOVE_COUNT_MAX, size: 'max' },
)

const cases: fc.Arbitrary<TwoPhaseCase> = fc
  .record({
    shape: windowShapes('tumbling', 'sliding', 'cumulative'),
    late: fc.constantFrom(...LATE_RECORDS),
    emission: fc.constantFrom('accumulating', 'discarding', 'retracting'),
    entriesMax: fc.constantFrom(1, 3, 100),
    splitCount: fc.integer({ min: 1, max: 3 }),
    parallelism: fc.tuple(fc.nat(2), fc.nat(2)),
    batchSize: fc.constantFrom(1_024, 7, 1),
    seed: fc.integer({ min: 1, max: 4 }),
    moves: drawnMoves,
  })
  .map(({ late, ...drawn }) => ({
    ...drawn,
    ...late,
    moves: movesOf(drawn.moves, drawn.splitCount),
  }))

type DrawnMoves = typeof drawnMoves extends fc.Arbitrary<infer M> ? M : never

function movesOf(drawn: DrawnMoves, splitCount: number): readonly Move[] {
  let id = 0
  return drawn.map(({ split, behindMs, items, isKilled }, index) => ({
    split: split % splitCount,
    isKilled,
    items: items.map(({ key, lagMs }) => ({
      id: id++,
      key,
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
    const [inOne, inTwo] = [await runCase(one, false), await runCase(one, true)]
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
