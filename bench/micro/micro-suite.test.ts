import { describe, expect, it } from 'vitest'
import { checkpointCases } from './checkpoint.bench.ts'
import { codecCases } from './codec.bench.ts'
import { exchangeCases } from './exchange.bench.ts'
import { keyCases } from './key.bench.ts'
import type { MicroCase } from './micro-case.ts'
import { stateCases } from './state.bench.ts'
import { intTableCases } from './table.bench.ts'
import { timerCases } from './timer.bench.ts'

const CASES = [
  ...codecCases,
  ...keyCases,
  ...stateCases,
  ...timerCases,
  ...smallTables(),
  ...exchangeCases,
  ...checkpointCases,
]

/** Those of a million keys do the same, for longer. */
function smallTables(mapLimit?: number): readonly MicroCase[] {
  return intTableCases(mapLimit).filter(({ name }) => name.includes('10k'))
}

describe('the micro cases', () => {
  it.each(CASES)('$name handles enough records and gives one checksum', ({ records, prepare }) => {
    expect(records).toBeGreaterThanOrEqual(1_024)
    const iteration = prepare()
    const checksum = iteration()
    expect(checksum).not.toBe(0)
    expect([iteration(), iteration()]).toEqual([checksum, checksum])
    expect(prepare()()).toBe(checksum)
  })

  it('of tables compute the same with maps', () => {
    const sums = (cases: readonly MicroCase[]): number[] => cases.map(({ prepare }) => prepare()())
    expect(sums(smallTables())).toEqual(sums(smallTables(Number.POSITIVE_INFINITY)))
  })
})
