/**
 * Alerts for orders that are not paid within a quarter of an hour: an order sets a timer, and its
 * payment takes it back. Payments may overtake orders, so events are sorted by event time before.
 */
import {
  type Collector,
  collectionSource,
  type DataStream,
  getExecutionEnvironment,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  minutes,
  type OnTimerContext,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
  watermarks,
} from '@millrace/engine'

export interface OrderEvent {
  readonly orderId: string
  readonly kind: 'placed' | 'paid'
  readonly atMs: number
}

/** The ids of orders that were not paid in time. */
export function unpaidOrders(events: DataStream<OrderEvent>): DataStream<string> {
  return events
    .keyBy(({ orderId }) => orderId, types.string)
    .sortByEventTime({ type: orderEvent })
    .uid('sorted-events')
    .keyBy(({ orderId }) => orderId, types.string)
    .process(new PaymentTimeout())
    .uid('payment-timeout')
}

const orderEvent = types.row({
  orderId: types.string,
  kind: types.literal('placed', 'paid'),
  atMs: types.int,
})
const DUE = valueState<number>('due', { type: types.int })

class PaymentTimeout implements KeyedProcessFunction<string, OrderEvent, string> {
  private due!: ValueState<number>

  open(context: RuntimeContext): void {
    this.due = context.getState(DUE)
  }

  processElement({ kind, atMs }: OrderEvent, { timerService }: KeyedProcessContext<string>): void {
    const dueMs = this.due.value()
    if (kind === 'placed') {
      this.due.update(atMs + minutes(15))
      timerService.registerEventTimeTimer(atMs + minutes(15))
    } else if (dueMs !== undefined && atMs <= dueMs) {
      timerService.deleteEventTimeTimer(dueMs)
      this.due.clear()
    } // else it was paid too late: the alert is out, or comes with the next watermark
  }

  onTimer(_dueMs: number, { currentKey }: OnTimerContext<string>, out: Collector<string>): void {
    this.due.clear()
    out.collect(currentKey)
  }
}

if (import.meta.main) {
  const events: OrderEvent[] = [
    { orderId: 'prompt', kind: 'placed', atMs: minutes(0) },
    { orderId: 'forgotten', kind: 'placed', atMs: minutes(1) },
    { orderId: 'prompt', kind: 'paid', atMs: minutes(9) },
  ]
  const source = collectionSource(events, { timestamp: ({ atMs }) => atMs })
  const env = getExecutionEnvironment()
  unpaidOrders(env.fromSource(source, watermarks.monotonous()).uid('events')).print('unpaid')
  await env.execute('order-timeout')
}
