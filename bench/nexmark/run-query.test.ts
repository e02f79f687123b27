import { describe, expect, it } from 'vitest'
import { q3 } from './queries/q3.ts'
import { q10 } from './queries/q10.ts'
import { q16 } from './queries/q16.ts'
import { runQuery } from './run-query.ts'

/** Time for threads that load the engine; on a busy machine that takes a while. */
const THREADS_MS = 60_000

describe('a query on two threads has the output that it has in one isolate (BEN-02, ARC-09)', () => {
  it.each([q3, q10, q16])(
    '$name',
    async (query) => {
      const expected = await runQuery(query, 20_000)
      expect(expected.facts?.rows).toBeGreaterThan(50)
      const { output } = await runQuery(query, 20_000, 'threads')
      expect(output).toBe(expected.output)
    },
    THREADS_MS,
  )
})
