import { minutes } from '@millrace/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type OrderEvent, unpaidOrders } from '../../examples/order-timeout.ts'
import { at, comparesWithReference, outputOf, timed } from './run-example.ts'

const event = (orderId: string, kind: OrderEvent['kind'], time: string) =>
  timed<OrderEvent>({ orderId, kind, atMs: at(time) })

const EVENTS = [
  event('in time', 'placed', '09:00'),
  event('at the last moment', 'placed', '09:01'),
  event('overtaken', 'paid', '09:03'),
  event('overtaken', 'placed', '09:02'),
  event('a moment too late', 'placed', '09:02'),
  event('never', 'placed', '09:03'),
  event('in time', 'paid', '09:10'),
  event('at the last moment', 'paid', '09:16'),
  event('a moment too late', 'paid', '09:17:00.001'), // before the watermark gets to its timer
  event('never', 'paid', '09:40'), // after the alert
  event('at the end', 'placed', '09:50'), // its timer fires when the input ends
]
const UNPAID = ['a moment too late', 'never', 'at the end']

test('an order that is not paid in time is named once its time is over', async () => {
  expect(await outputOf(unpaidOrders, EVENTS, { outOfOrdernessMs: minutes(2) })).toEqual(UNPAID)
})

test.each([3, 6, 9])('killed after %i events, no timer is lost or fires twice', async (killAt) => {
  const run = { parallelism: 2, outOfOrdernessMs: minutes(2), killsAt: [killAt] }
  expect([...(await outputOf(unpaidOrders, EVENTS, run))].sort()).toEqual([...UNPAID].sort())
})

test('random orders are unpaid exactly if there is no payment within a quarter of an hour', async () => {
  const order = fc.record({
    placedMs: fc.integer({ min: 0, max: minutes(60) }),
    paidAfterMs: fc.option(fc.integer({ min: 0, max: minutes(20) })),
    delaysMs: fc.tuple(fc.nat(minutes(2) - 1), fc.nat(minutes(2) - 1)),
  })
  const inputs = fc.array(order, { maxLength: 25 }).map((orders) =>
    orders
      .flatMap(({ placedMs, paidAfterMs, delaysMs: [placedLateMs, paidLateMs] }, i) => {
        const orderId = `order ${i}`
        const placed: OrderEvent = { orderId, kind: 'placed', atMs: placedMs }
        if (paidAfterMs === null) return [{ event: placed, comesMs: placedMs + placedLateMs }]
        const paid: OrderEvent = { orderId, kind: 'paid', atMs: placedMs + 1 + paidAfterMs }
        return [
          { event: placed, comesMs: placed.atMs + placedLateMs },
          { event: paid, comesMs: paid.atMs + paidLateMs },
        ]
      })
      .sort((a, b) => a.comesMs - b.comesMs)
      .map(({ event }) => event),
  )
  await comparesWithReference({
    pipeline: unpaidOrders,
    inputs,
    element: timed,
    outOfOrdernessMs: minutes(2),
    reference: (events) =>
      events
        .filter(({ kind, orderId, atMs }) => {
          const paid = events.find((other) => other.kind === 'paid' && other.orderId === orderId)
          return kind === 'placed' && (paid === undefined || paid.atMs - atMs > minutes(15))
        })
        .map(({ orderId }) => orderId),
  })
})
