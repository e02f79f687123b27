import { describe, expect, it } from 'vitest'
import { checkpointCases } from './checkpoint.bench.ts'
import { codecCases } from './codec.bench.ts'
import { exchangeCases } from './exchange.bench.ts'
import { keyCases } from './key.bench.ts'
import { stateCases } from './state.bench.ts'
import { timerCases } from './timer.bench.ts'

const CASES = [
  ...codecCases,
  ...keyCases,
  ...stateCases,
  ...timerCases,
  ...exchangeCases,
  ...checkpointCases,
]

describe('the micro cases', () => {
  it.each(CASES)('$name handles enough records and gives one checksum', ({ records, prepare }) => {
    expect(records).toBeGreaterThanOrEqual(1_024)
    const iteration = prepare()
    const checksum = iteration()
    expect(checksum).not.toBe(0)
    expect([iteration(), iteration()]).toEqual([checksum, checksum])
    expect(prepare()()).toBe(checksum)
  })
})
