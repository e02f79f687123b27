import { days, hours, minutes } from '@millrace/engine'
import {
  FakeTransactionLog,
  record,
  ScriptedInput,
  scriptedSource,
  testJob,
  transactionalSink,
} from '@millrace/engine/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Delivery,
  firstDeliveries,
  statusChanges,
} from '../../examples/deduplicate-with-ttl.ts'
import { comparesWithReference, outOfOrder, outputOf, timed } from './run-example.ts'

const delivered = (deliveryId: string, hour: number): Delivery => {
  return { deliveryId, parcel: 'p', status: 'sent', atMs: hours(hour) }
}

const DELIVERIES = [
  delivered('a', 0),
  delivered('b', 1),
  delivered('a', 2), // again
  delivered('c', 20),
  delivered('a', 23.9), // still within a day of the first
  delivered('a', 24), // the day is over: it begins anew
  delivered('b', 30),
  delivered('b', 31),
  delivered('d', 1), // late, and yet the first
  delivered('a', 40),
].map(timed)
const FIRST = ['a 0', 'a 24', 'b 1', 'b 30', 'c 20', 'd 1']

const shown = ({ deliveryId, atMs }: Delivery): string => `${deliveryId} ${atMs / hours(1)}`

test('each delivery passes once a day', async () => {
  const first = await outputOf(firstDeliveries, DELIVERIES, { outOfOrdernessMs: hours(8) })
  expect(first.map(shown).sort()).toEqual(FIRST)
})

test.each([2, 5, 7])('killed after %i deliveries, none passes twice', async (killAt) => {
  const run = { parallelism: 2, outOfOrdernessMs: hours(8), killsAt: [killAt] }
  const first = await outputOf(firstDeliveries, DELIVERIES, run)
  expect(first.map(shown).sort()).toEqual(FIRST)
})

test('of random deliveries those pass that a list of past ones lets pass', async () => {
  const random: fc.Arbitrary<Delivery> = fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 100 }))
    .map(([deliveryId, hour]) => delivered(deliveryId, hour))
  await comparesWithReference({
    pipeline: firstDeliveries,
    inputs: outOfOrder(random, hours(6)),
    element: timed,
    outOfOrdernessMs: hours(6),
    reference: (deliveries) => {
      const passed: Delivery[] = []
      for (const delivery of deliveries) {
        const last = passed.findLast(({ deliveryId }) => deliveryId === delivery.deliveryId)
        if (last === undefined || delivery.atMs >= last.atMs + days(1)) passed.push(delivery)
      }
      return passed
    },
  })
})

const status = (parcel: string, text: string) =>
  record<Delivery>({ deliveryId: 'd', parcel, status: text, atMs: 0 })

test('a status passes when it is new, or a day by the clock after it came; also with a kill', async () => {
  for (const isKilled of [false, true]) {
    const input = new ScriptedInput<Delivery>()
    const log = new FakeTransactionLog<Delivery>()
    const job = testJob((env) => {
      env.enableCheckpointing(minutes(10)).setParallelism(2)
      const deliveries = env.fromSource(scriptedSource(input)).uid('deliveries')
      statusChanges(deliveries).sinkTo(transactionalSink(log)).uid('changes')
    })
    await job.feed(input, [status('p', 'sent'), status('q', 'sent'), status('p', 'sent')])
    await job.feed(input, [status('p', 'arrived'), status('q', 'sent'), status('p', 'sent')])
    await job.advance(hours(23))
    if (isKilled) await job.kill()
    await job.feed(input, [status('p', 'sent')])
    await job.advance(hours(1))
    await job.feed(input, [status('p', 'sent'), status('q', 'arrived'), status('q', 'arrived')])
    input.end()
    await job.finish()
    const changes = log.committed.map(({ parcel, status }) => `${parcel} ${status}`)
    expect(changes.filter((change) => change.startsWith('p'))).toEqual([
      'p sent',
      'p arrived',
      'p sent',
      'p sent', // a day later
    ])
    expect(changes.filter((change) => change.startsWith('q'))).toEqual(['q sent', 'q arrived'])
  }
})
