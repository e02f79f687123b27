import { minutes, seconds } from '@millrace/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { suspicious, type Transaction } from '../../examples/fraud-pattern.ts'
import { at, comparesWithReference, outputOf, timed } from './run-example.ts'

const spent = (account: string, cents: number, time: string) =>
  timed<Transaction>({ account, cents, atMs: at(time) })

const TRANSACTIONS = [
  spent('a', 99, '09:00:00'),
  spent('b', 100, '09:00:01'), // not small
  spent('c', 10, '09:00:02'),
  spent('d', 10, '09:00:03'),
  spent('a', 50_001, '09:01:00'), // a minute later to the millisecond
  spent('b', 90_000, '09:01:01'),
  spent('c', 90_000, '09:01:02.001'), // too late, though the timer has not fired yet
  spent('d', 5_000, '09:00:20'),
  spent('d', 90_000, '09:00:25'), // not the next one
  spent('e', 10, '09:02:00'),
  spent('e', 20, '09:02:50'), // the minute begins anew
  spent('e', 50_000, '09:03:00'), // not large
  spent('f', 10, '09:03:00'),
  spent('f', 60_000, '09:03:01'),
  spent('f', 60_000, '09:03:02'),
]
const SUSPICIOUS = ['a 50001', 'f 60000']

const shown = ({ account, cents }: Transaction): string => `${account} ${cents}`

test('a small transaction and next a large one, at most a minute later', async () => {
  const found = await outputOf(suspicious, TRANSACTIONS, { outOfOrdernessMs: minutes(1) })
  expect(found.map(shown)).toEqual(SUSPICIOUS)
})

test.each([4, 9, 13])('killed after %i transactions, the same are found', async (killAt) => {
  const run = { parallelism: 2, outOfOrdernessMs: minutes(1), killsAt: [killAt] }
  expect((await outputOf(suspicious, TRANSACTIONS, run)).map(shown).sort()).toEqual(SUSPICIOUS)
})

test('among random transactions the pattern is found wherever a look back finds it', async () => {
  const random: fc.Arbitrary<Transaction> = fc.record({
    account: fc.constantFrom('a', 'b'),
    cents: fc.constantFrom(20, 5_000, 80_000),
    atMs: fc.integer({ min: 0, max: minutes(8) }),
  })
  await comparesWithReference({
    pipeline: suspicious,
    inputs: fc.array(random, { maxLength: 40 }).map((all) => all.sort((a, b) => a.atMs - b.atMs)),
    element: timed,
    outOfOrdernessMs: seconds(30),
    reference: (transactions) =>
      transactions.filter(({ account, cents, atMs }, i) => {
        const before = transactions.slice(0, i).findLast((other) => other.account === account)
        return cents > 50_000 && before?.cents === 20 && atMs - before.atMs <= minutes(1)
      }),
  })
})
