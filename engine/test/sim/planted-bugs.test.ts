import { expect, test } from 'vitest'
import { PLANTED_BUGS } from './planted-bugs.ts'
import { runSeeds } from './run-seeds.ts'

const SEED_COUNT = 200

/** The first seed that finds each planted bug. They change with the generator and the schedule. */
for (const [name, bug] of Object.entries(PLANTED_BUGS)) {
  test(`canary: ${name} is found`, { timeout: 120_000 }, async () => {
    const { failed } = await runSeeds({ first: 1, count: SEED_COUNT, bug, failuresMax: 1 })
    const [found] = failed
    console.log(`${name}: found by seed ${found?.seed}: ${found?.outcome.failure?.split('\n')[0]}`)
    expect(found?.outcome.failure).toMatch(/exactly once|too much is visible|CORRUPT|cannot/)
  })
}

test('without a planted bug the same seeds pass', { timeout: 120_000 }, async () => {
  const { failed } = await runSeeds({ first: 1, count: 10 })
  expect(failed).toEqual([])
})
