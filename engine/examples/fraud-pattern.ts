/**
 * Card fraud: a small transaction, to try a stolen card, and next a large one within a minute. The
 * transactions of an account have to come in order.
 */
import {
  type Collector,
  collectionSource,
  type DataStream,
  getExecutionEnvironment,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  minutes,
  type RuntimeContext,
  seconds,
  types,
  type ValueState,
  valueState,
  watermarks,
} from '@millrace/engine'

/** Money left an account. */
export interface Transaction {
  readonly account: string
  readonly cents: number
  readonly atMs: number
}

/** The large transactions that follow a small one. */
export function suspicious(transactions: DataStream<Transaction>): DataStream<Transaction> {
  return transactions
    .keyBy(({ account }) => account, types.string)
    .process(new SmallThenLarge())
    .uid('small-then-large')
}

const SMALL_BELOW_CENTS = 100
const LARGE_ABOVE_CENTS = 50_000
const SMALL_AT = valueState<number>('small-at', { type: types.int })

/** Remembers a small transaction for a minute, so that an account at rest takes no state. */
class SmallThenLarge implements KeyedProcessFunction<string, Transaction, Transaction> {
  private smallAt!: ValueState<number>

  open(context: RuntimeContext): void {
    this.smallAt = context.getState(SMALL_AT)
  }

  processElement(
    transaction: Transaction,
    { timerService }: KeyedProcessContext<string>,
    out: Collector<Transaction>,
  ): void {
    const { cents, atMs } = transaction
    const smallAtMs = this.smallAt.value()
    if (smallAtMs !== undefined) {
      // The timer waits for the watermark, which lags behind: the times have to be compared.
      if (cents > LARGE_ABOVE_CENTS && atMs <= smallAtMs + minutes(1)) out.collect(transaction)
      timerService.deleteEventTimeTimer(smallAtMs + minutes(1))
      this.smallAt.clear()
    }
    if (cents < SMALL_BELOW_CENTS) {
      this.smallAt.update(atMs)
      timerService.registerEventTimeTimer(atMs + minutes(1))
    }
  }

  onTimer(): void {
    this.smallAt.clear()
  }
}

if (import.meta.main) {
  const amounts = [20, 90_000, 50, 3_000, 70_000]
  const transactions = amounts.map((cents, i) => ({ account: 'a1', cents, atMs: seconds(20) * i }))
  const source = collectionSource(transactions, { timestamp: ({ atMs }) => atMs })
  const env = getExecutionEnvironment()
  suspicious(env.fromSource(source, watermarks.monotonous()).uid('transactions')).print()
  await env.execute('fraud-pattern')
}
