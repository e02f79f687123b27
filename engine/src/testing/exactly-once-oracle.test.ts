import { expect, test } from 'vitest'
import { assertExactlyOnce, checkExactlyOnce } from './exactly-once-oracle.ts'

interface Numbered {
  readonly partition: string
  readonly offset: number
}

const records = (text: string): Numbered[] =>
  text.split(' ').map((word) => ({ partition: word[0] as string, offset: Number(word.slice(1)) }))

const idOf = ({ partition, offset }: Numbered): string => partition + offset
const orderOf = ({ partition, offset }: Numbered) => ({ sequence: partition, position: offset })
const expected = records('a1 a2 a3 b1 b2')

test('exact output, in another order across partitions, prints counters at zero', () => {
  const report = checkExactlyOnce({ expected, committed: records('b1 a1 a2 b2 a3'), idOf, orderOf })
  expect(report.isExact).toBe(true)
  expect(report.text).toBe('EXPECTED 5 COMMITTED 5 LOST 0 DUPLICATED 0 UNEXPECTED 0 OUT_OF_ORDER 0')
})

test('counts what is lost, doubled, invented and out of order', () => {
  const committed = records('a2 a1 b2 b2 b2 c9')
  const report = checkExactlyOnce({ expected, committed, idOf, orderOf })
  expect(report.text).toBe(
    'EXPECTED 5 COMMITTED 6 LOST 2 (a3, b1) DUPLICATED 2 (b2, b2) UNEXPECTED 1 (c9) ' +
      'OUT_OF_ORDER 1 (a1)',
  )
  expect(() => assertExactlyOnce({ expected, committed, idOf })).toThrow(
    /^the output is not exactly once: .*LOST 2/,
  )
})

test('while the job runs, missing records are not lost yet', () => {
  const committed = records('a1 b1')
  expect(checkExactlyOnce({ expected, committed, drained: false }).isExact).toBe(true)
  expect(checkExactlyOnce({ expected, committed }).counts.lost).toBe(3)
  const doubled = checkExactlyOnce({ expected, committed: records('a1 a1'), drained: false })
  expect(doubled.counts).toMatchObject({ lost: 0, duplicated: 1 })
})

test('equal values count as often as the reference makes them', () => {
  expect(checkExactlyOnce({ expected: [1, 1, 2], committed: [1, 2, 1] }).isExact).toBe(true)
  const once = checkExactlyOnce({ expected: [1, 1, 2], committed: [1, 2] })
  expect(once.counts).toMatchObject({ lost: 1, duplicated: 0 })
})
