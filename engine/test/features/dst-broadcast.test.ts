/// <reference types="node" />
import { expect, test } from 'vitest'
import {
  type BroadcastProcessFunction,
  type Collector,
  getExecutionEnvironment,
  type KeyedBroadcastContext,
  type KeyedBroadcastProcessFunction,
  type KeyedReadOnlyBroadcastContext,
  mapState,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '../../src/index.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'
import { ArraySink } from './array-sink.ts'

const RULES = mapState<string, number>('rules', { keyType: types.string, type: types.int })
const TOTAL = valueState<number>('total', { type: types.int })

type Payment = readonly [user: string, amount: number]
type Rule = readonly [name: string, limit: number]

/** Sums per user; alerts when the sum goes above a rule, or a new rule goes below the sum. */
class Watch implements KeyedBroadcastProcessFunction<string, Payment, Rule, string> {
  total: ValueState<number> | undefined

  open(context: RuntimeContext): void {
    this.total = context.getState(TOTAL)
  }

  processElement(
    [user, amount]: Payment,
    ctx: KeyedReadOnlyBroadcastContext<string>,
    out: Collector<string>,
  ): void {
    const total = (this.total?.value() ?? 0) + amount
    this.total?.update(total)
    for (const [name, limit] of ctx.getBroadcastState(RULES).entries()) {
      if (total > limit) out.collect(`${user} ${total} > ${name}`)
    }
  }

  processBroadcastElement(
    [name, limit]: Rule,
    ctx: KeyedBroadcastContext<string>,
    out: Collector<string>,
  ): void {
    ctx.getBroadcastState(RULES).put(name, limit)
    ctx.applyToKeyedState(TOTAL, (user, total) => {
      if ((total.value() ?? 0) > limit) out.collect(`${user} ${total.value()} > ${name}`)
    })
  }
}

const users = Array.from({ length: 12 }, (_, i) => `u${i}`)

test('DST-16 a rule on the broadcast side reaches all 4 subtasks and changes their output', async () => {
  const numbers = new ScriptedInput<number>()
  const factors = new ScriptedInput<number>()
  const results = new ArraySink<string>()
  const factor = mapState<string, number>('factor')
  const scale = (): BroadcastProcessFunction<number, number, string> & { subtask: number } => ({
    subtask: -1,
    open(context: RuntimeContext) {
      this.subtask = context.task.subtaskIndex
    },
    processElement(n, ctx, out) {
      out.collect(`${this.subtask}: ${n * (ctx.getBroadcastState(factor).get('x') ?? 1)}`)
    },
    processBroadcastElement(x, ctx) {
      ctx.getBroadcastState(factor).put('x', x)
    },
  })
  const job = testJob((env) => {
    const rules = env.fromSource(scriptedSource(factors)).broadcast(factor)
    const stream = env.fromSource(scriptedSource(numbers)).rebalance()
    stream.connect(rules).process(scale()).setParallelism(4).sinkTo(results)
  })
  await job.feed(
    numbers,
    [1, 1, 1, 1].map((n) => record(n)),
  )
  await job.feed(factors, [record(10)])
  await job.feed(
    numbers,
    [1, 1, 1, 1].map((n) => record(n)),
  )
  expect([...results.records].sort()).toEqual(
    [0, 1, 2, 3].flatMap((subtask) => [`${subtask}: 1`, `${subtask}: 10`]),
  )
  job.stop()
})

test('PRO-09 a rule update re-evaluates all stored keys', async () => {
  const payments = new ScriptedInput<Payment>()
  const rules = new ScriptedInput<Rule>()
  const alerts = new ArraySink<string>()
  const job = testJob((env) => {
    env.setParallelism(3)
    const broadcast = env.fromSource(scriptedSource(rules)).broadcast(RULES)
    const keyed = env.fromSource(scriptedSource(payments)).keyBy(([user]) => user)
    keyed.connect(broadcast).process(new Watch()).sinkTo(alerts)
  })
  await job.feed(
    payments,
    users.map((user, i) => record<Payment>([user, i])),
  )
  expect(alerts.records).toEqual([])
  await job.feed(rules, [record<Rule>(['high', 8])])
  expect([...alerts.records].sort()).toEqual(['u10 10 > high', 'u11 11 > high', 'u9 9 > high'])
  await job.feed(payments, [record<Payment>(['u0', 9])])
  expect(alerts.records.at(-1)).toBe('u0 9 > high')
  job.stop()
})

test('STA-08 broadcast and keyed state survive crashes, at parallelism 1 and 3', async () => {
  const run = async (parallelism: number, kills: number, seed: number): Promise<string[]> => {
    const payments = new ScriptedInput<Payment>()
    const rules = new ScriptedInput<Rule>()
    const log = new FakeTransactionLog<string>()
    const job = testJob(
      (env) => {
        env.setParallelism(parallelism).enableCheckpointing(300)
        const broadcast = env.fromSource(scriptedSource(rules)).broadcast(RULES)
        const keyed = env.fromSource(scriptedSource(payments)).keyBy(([user]) => user, types.string)
        keyed.connect(broadcast).process(new Watch()).uid('watch').sinkTo(transactionalSink(log))
      },
      { seed },
    )
    for (let round = 0; round < 5; round++) {
      await job.feed(rules, [record<Rule>([`r${round % 2}`, 10 * (5 - round)])])
      if (round < kills) await job.kill()
      await job.feed(
        payments,
        users.map((user, i) => record<Payment>([user, i + round])),
      )
      if (round % 2 === 0 && round < kills) await job.kill()
    }
    payments.end()
    rules.end()
    await job.finish()
    return [...log.committed].sort()
  }
  const expected = await run(1, 0, 1)
  expect(expected.length).toBeGreaterThan(20)
  expect(await run(3, 0, 2)).toEqual(expected)
  expect(await run(1, 4, 3)).toEqual(expected)
  expect(await run(3, 5, 4)).toEqual(expected)
})

test('DST-16 the plan ships the rules by broadcast and the records by key', () => {
  const env = getExecutionEnvironment().setParallelism(4)
  const rules = env.fromElements<Rule>(['a', 1]).broadcast(RULES)
  const keyed = env.fromElements<Payment>(['u', 1]).keyBy(([user]) => user)
  keyed.connect(rules).process(new Watch()).print()
  const plan = env.explainJson()
  const operator = plan.operators.find((one) => one.name === 'Keyed Broadcast Process')
  expect(operator?.inputs.map((input) => input.shipStrategy)).toEqual(['HASH', 'BROADCAST'])
  expect(operator?.keyed).toBe(true)
})
