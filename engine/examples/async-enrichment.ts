/// <reference types="node" />
/**
 * Orders enriched with their customers, who are looked up in a service outside of the job.
 *
 * Up to 20 lookups per subtask are under way at once; more orders wait. A lookup that fails is made
 * again, after a little longer each time. If there is no answer after two seconds, retries
 * included, the order goes on without its customer. Results come in the order of the orders.
 */
import { setTimeout } from 'node:timers/promises'
import {
  asyncDataStream,
  type DataStream,
  exponentialDelayRetry,
  getExecutionEnvironment,
  seconds,
  types,
} from '@millrace/engine'

/** What was ordered, by whom. */
export interface Order {
  readonly orderId: string
  readonly customerId: string
}

/** An order with the name of its customer; `null` if there was no answer in time. */
export interface EnrichedOrder extends Order {
  readonly customerName: string | null
}

export function enrichOrders(
  orders: DataStream<Order>,
  lookUpName: (customerId: string) => Promise<string>,
): DataStream<EnrichedOrder> {
  const requests = {
    asyncInvoke: async (order: Order): Promise<EnrichedOrder> => {
      return { ...order, customerName: await lookUpName(order.customerId) }
    },
    timeout: (order: Order): EnrichedOrder => ({ ...order, customerName: null }),
  }
  return asyncDataStream
    .orderedWait(orders, requests, {
      capacity: 20,
      timeoutMs: seconds(2),
      // 0.1, 0.2, 0.4, ... seconds: more retries than fit, so that the timeout has the last word.
      retry: exponentialDelayRetry({ maxRetries: 10, initialDelayMs: 100, maxDelayMs: 1_000 }),
      type: types.row({ orderId: types.string, customerId: types.string }),
    })
    .uid('customers')
}

/** Stands for a service: it takes a while, and every third call fails. */
function exampleService(): (customerId: string) => Promise<string> {
  let calls = 0
  return async (customerId) => {
    calls++
    await setTimeout(50)
    if (calls % 3 === 0) throw new Error('503 Service Unavailable')
    if (customerId === 'c3') return new Promise(() => {}) // never answers
    return `Customer ${customerId.slice(1)}`
  }
}

if (import.meta.main) {
  const env = getExecutionEnvironment()
  const orders = env.fromSequence(1, 8).map((n) => ({ orderId: `o${n}`, customerId: `c${n % 4}` }))
  enrichOrders(orders, exampleService()).print()
  await env.execute('async-enrichment')
}
