/**
 * Sales per shop and hour. For two hours after its end, an hour is corrected by sales that are
 * late; what comes later still goes to a side output.
 *
 * An `accumulating` correction is the new result: right for whoever overwrites the old one. Before
 * a `retracting` one the old result is taken back: right for whoever adds up, like `totalSales`.
 */
import {
  type AggregateFunction,
  type Collector,
  collectionSource,
  type DataStream,
  type Emitted,
  getExecutionEnvironment,
  hours,
  type OutputTag,
  outputTag,
  tumblingEventTimeWindows,
  types,
  type WindowChange,
  type WindowEmission,
  watermarks,
} from '@millrace/engine'

export type Sale = { readonly shop: string; readonly cents: number; readonly atMs: number }
export type HourlySales = { readonly shop: string; readonly hour: string; readonly cents: number }
export type TotalSales = { readonly shop: string; readonly cents: number }

export const TOO_LATE: OutputTag<Sale> = outputTag('too-late')

/** What comes too late is in its side output `TOO_LATE`. */
export function hourlySales<E extends WindowEmission>(
  sales: DataStream<Sale>,
  emission: E,
): DataStream<Emitted<HourlySales, E>> {
  return sales
    .keyBy(({ shop }) => shop, types.string)
    .window(tumblingEventTimeWindows(hours(1)))
    .allowedLateness(hours(2))
    .emission(emission, { type: hourlySalesType })
    .sideOutputLateData(TOO_LATE)
    .aggregate(sumOfCents, (shop, { window }, [cents = 0], out: Collector<HourlySales>) => {
      out.collect({ shop, hour: new Date(window.startMs).toISOString(), cents })
    })
    .uid('hourly-sales')
}

/** The running total of each shop. */
export function totalSales(hourly: DataStream<WindowChange<HourlySales>>): DataStream<TotalSales> {
  return hourly
    .map(({ kind, value: { shop, cents } }) => ({ shop, cents: kind === 'add' ? cents : -cents }))
    .returns(types.row({ shop: types.string, cents: types.int }))
    .keyBy(({ shop }) => shop, types.string)
    .sum('cents')
    .uid('total-sales')
}

const hourlySalesType = types.row({ shop: types.string, hour: types.string, cents: types.int })
const sumOfCents: AggregateFunction<Sale, number, number> = {
  accumulatorType: types.int,
  createAccumulator: () => 0,
  add: ({ cents }, sum) => sum + cents,
  getResult: (sum) => sum,
  merge: (left, right) => left + right,
}

if (import.meta.main) {
  const sales = [0.2, 0.7, 1.3, 0.9, 2.5, 4.1, 0.1].map((hour, i) => {
    return { shop: 'north', cents: 100 + i, atMs: hours(hour) }
  })
  const source = collectionSource(sales, { timestamp: ({ atMs }) => atMs })
  const bySaleTime = watermarks.monotonous<Sale>().emitEvery(1)
  const env = getExecutionEnvironment()
  const hourly = hourlySales(env.fromSource(source, bySaleTime).uid('sales'), 'retracting')
  hourly.print('hour')
  hourly.getSideOutput(TOO_LATE).print('too late')
  totalSales(hourly).print('total')
  await env.execute('late-corrections')
}
