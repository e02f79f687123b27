import {
  FakeTransactionLog,
  type JobDriver,
  record,
  ScriptedInput,
  scriptedSource,
  testJob,
  transactionalSink,
} from '@millrace/engine/testing'
import { expect, test } from 'vitest'
import { type EnrichedOrder, enrichOrders, type Order } from '../../examples/async-enrichment.ts'

/** A service in virtual time that answers, or does not, as a test says. */
class CustomerService {
  /** When each customer was asked for. */
  readonly askedAtMs = new Map<string, number[]>()
  underWay = 0
  underWayMax = 0
  /** By customer: how long an answer takes, Infinity for never. Default 50. */
  readonly answersAfterMs = new Map<string, number>()
  /** By customer: how often it fails before it answers. Default 0. */
  readonly failures = new Map<string, number>()

  lookUp(job: JobDriver, customerId: string): Promise<string> {
    const asked = [...(this.askedAtMs.get(customerId) ?? []), job.world.virtualMs]
    this.askedAtMs.set(customerId, asked)
    this.underWayMax = Math.max(this.underWayMax, ++this.underWay)
    return new Promise((resolve, reject) => {
      const afterMs = this.answersAfterMs.get(customerId) ?? 50
      if (afterMs === Number.POSITIVE_INFINITY) return
      job.world.after(afterMs, () => {
        this.underWay--
        if (asked.length <= (this.failures.get(customerId) ?? 0)) reject(new Error('503'))
        else resolve(`name of ${customerId}`)
      })
    })
  }
}

function enrichmentJob(service: CustomerService) {
  const input = new ScriptedInput<Order>()
  const log = new FakeTransactionLog<EnrichedOrder>()
  const job: JobDriver = testJob((env) => {
    env.enableCheckpointing(100)
    const orders = env.fromSource(scriptedSource(input)).uid('orders')
    enrichOrders(orders, (customerId) => service.lookUp(job, customerId))
      .sinkTo(transactionalSink(log))
      .uid('enriched')
  })
  const send = (customers: readonly string[]): void =>
    input.feed(customers.map((customerId, i) => record({ orderId: `${i}`, customerId })))
  return { job, input, log, send }
}

const shown = ({ customerId, customerName }: EnrichedOrder): string =>
  `${customerId} ${customerName}`

test('a slow answer keeps its place, failures are retried, silence ends in null', async () => {
  const service = new CustomerService()
  service.answersAfterMs.set('slow', 900).set('silent', Number.POSITIVE_INFINITY)
  service.failures.set('flaky', 2).set('down', 1_000)
  const { job, input, log, send } = enrichmentJob(service)
  send(['slow', 'quick', 'flaky', 'silent', 'down'])
  input.end()
  await job.finish()
  expect(log.committed.map(shown)).toEqual([
    'slow name of slow',
    'quick name of quick',
    'flaky name of flaky',
    'silent null',
    'down null',
  ])
  const delaysMs = (customerId: string) => {
    const [firstMs = 0, ...later] = service.askedAtMs.get(customerId) ?? []
    return later.map((atMs) => Math.round(atMs - firstMs))
  }
  expect(delaysMs('flaky')).toEqual([150, 400]) // 50 for the answer, 100 and 200 of waiting
  expect(delaysMs('down')).toEqual([150, 400, 850, 1_700]) // and no more after two seconds
  expect(delaysMs('silent')).toEqual([])
})

test('no more than 20 lookups are under way at once', async () => {
  const service = new CustomerService()
  const { job, input, log, send } = enrichmentJob(service)
  send(Array.from({ length: 100 }, (_, i) => `c${i}`))
  input.end()
  await job.finish()
  expect(log.committed.map(({ customerId }) => customerId)).toEqual([...service.askedAtMs.keys()])
  expect(log.committed.length).toBe(100)
  expect(service.underWayMax).toBe(20)
})

test('killed with lookups under way, each order comes out once and in order', async () => {
  const service = new CustomerService()
  service.failures.set('c3', 1)
  const customers = Array.from({ length: 30 }, (_, i) => `c${i}`)
  for (const customerId of customers) service.answersAfterMs.set(customerId, 700)
  const { job, input, log, send } = enrichmentJob(service)
  send(customers)
  await job.advance(500)
  expect([service.askedAtMs.size, log.committed.length]).toEqual([20, 0])
  await job.kill()
  input.end()
  await job.finish()
  expect(service.askedAtMs.get('c0')?.length).toBe(2) // under way at the kill: asked once more
  expect(log.committed.map(shown)).toEqual(customers.map((id) => `${id} name of ${id}`))
})
