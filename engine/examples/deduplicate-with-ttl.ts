/**
 * Webhooks are delivered at least once: two ways to take each of them once.
 *
 * `deduplicate` remembers ids for a day of event time, so a replay drops what the first run did.
 * `StatusChanged` decides for itself what is the same. It remembers in state with a time to live,
 * for a day by the clock. Without an end to remembering, the state would grow for ever.
 */
import {
  collectionSource,
  type DataStream,
  days,
  type FilterFunction,
  getExecutionEnvironment,
  hours,
  type RuntimeContext,
  stateTtl,
  types,
  type ValueState,
  valueState,
  watermarks,
} from '@millrace/engine'

/** A delivery says that a parcel has a new status. */
export interface Delivery {
  readonly deliveryId: string
  readonly parcel: string
  readonly status: string
  readonly atMs: number
}

/** Each delivery once, however often it comes within a day. */
export function firstDeliveries(deliveries: DataStream<Delivery>): DataStream<Delivery> {
  return deliveries
    .keyBy(({ deliveryId }) => deliveryId, types.string)
    .deduplicate({ ttlMs: days(1) })
    .uid('first-deliveries')
}

/** The deliveries that say something new of their parcel. */
export function statusChanges(deliveries: DataStream<Delivery>): DataStream<Delivery> {
  return deliveries
    .keyBy(({ parcel }) => parcel, types.string)
    .filter(new StatusChanged())
    .uid('status-changes')
}

const STATUS = valueState<string>('status', {
  type: types.string,
  ttl: stateTtl({ ttlMs: days(1) }),
})

class StatusChanged implements FilterFunction<Delivery> {
  private status!: ValueState<string>

  open(context: RuntimeContext): void {
    this.status = context.getState(STATUS)
  }

  filter({ status }: Delivery): boolean {
    const isNew = status !== this.status.value()
    if (isNew) this.status.update(status)
    return isNew
  }
}

if (import.meta.main) {
  const deliveries = [
    { deliveryId: 'd1', parcel: 'p1', status: 'sent', atMs: hours(0) },
    { deliveryId: 'd1', parcel: 'p1', status: 'sent', atMs: hours(1) },
    { deliveryId: 'd2', parcel: 'p1', status: 'sent', atMs: hours(2) },
    { deliveryId: 'd3', parcel: 'p1', status: 'arrived', atMs: hours(3) },
  ]
  const source = collectionSource(deliveries, { timestamp: ({ atMs }) => atMs })
  const env = getExecutionEnvironment()
  const stream = env.fromSource(source, watermarks.monotonous()).uid('deliveries')
  firstDeliveries(stream).print('first delivery')
  statusChanges(stream).print('new status')
  await env.execute('deduplicate-with-ttl')
}
