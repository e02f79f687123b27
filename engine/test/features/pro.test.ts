import { expect, test } from 'vitest'
import {
  type Collector,
  type KeyedProcessContext,
  minutes,
  type OnTimerContext,
  outputTag,
  type RuntimeContext,
  type StreamExecutionEnvironment,
  types,
  type ValueState,
  valueState,
  watermarks,
} from '../../src/index.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { pass, runInSim, SimHost } from './run-in-sim.ts'

interface Visit {
  readonly user: string
  readonly kind: 'page' | 'order'
}

const visit = (user: string, kind: Visit['kind'], atMs: number) => record({ user, kind }, atMs)

/** Emits users who opened the order page and did not order within half an hour. */
class MissingOrders {
  deadline!: ValueState<number>
  open(context: RuntimeContext): void {
    this.deadline = context.getState(valueState('deadline', { type: types.number }))
  }
  processElement(value: Visit, ctx: KeyedProcessContext<string>): void {
    const atMs = this.deadline.value()
    if (value.kind === 'page') {
      this.deadline.update(ctx.timestamp() + minutes(30))
      ctx.timerService.registerEventTimeTimer(ctx.timestamp() + minutes(30))
    } else if (atMs !== undefined) {
      ctx.timerService.deleteEventTimeTimer(atMs)
      this.deadline.clear()
    }
  }
  onTimer(timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    out.collect(`${ctx.currentKey} ${ctx.timeDomain} ${timestampMs / minutes(1)}`)
  }
}

test('PRO-01 a process function sees element, timestamp, side output and timer service', async () => {
  const tag = outputTag<string>('seen')
  const side = new ArraySink<string>()
  const out = await runInSim((env) => {
    const main = env
      .fromSource(
        scriptedSource([[record('a', 5), record('b', 9)]]),
        watermarks.monotonous<string>(),
      )
      .process<string>({
        processElement(value, ctx, out) {
          ctx.output(tag, `${value}${ctx.timestamp()}`)
          out.collect(`${value} ${ctx.timerService.currentProcessingTime() > 0}`)
        },
      })
    main.getSideOutput(tag).sinkTo(side)
    return main.executeAndCollect()
  })
  expect(out).toEqual(['a true', 'b true'])
  expect(side.records).toEqual(['a5', 'b9'])
})

test('PRO-01 a timer off a keyed stream is refused with the cure', async () => {
  const program = (env: StreamExecutionEnvironment): Promise<number[]> =>
    env
      .fromElements(1)
      .process<number>({
        processElement: (_, ctx) => ctx.timerService.registerProcessingTimeTimer(1),
      })
      .executeAndCollect()
  await expect(runInSim(program)).rejects.toThrow(/keyBy/)
})

test('PRO-02 order page, no order in 30 minutes: just the missing users', async () => {
  const visits = [
    visit('ann', 'page', minutes(0)),
    visit('bob', 'page', minutes(1)),
    visit('ann', 'order', minutes(20)),
    visit('cat', 'order', minutes(40)),
    visit('dan', 'page', minutes(50)),
    visit('dan', 'order', minutes(79)),
    visit('eve', 'page', minutes(100)),
  ]
  const missing = await runInSim((env) =>
    env
      .fromSource(scriptedSource([visits]), watermarks.monotonous<Visit>())
      .keyBy('user')
      .process(new MissingOrders())
      .executeAndCollect(),
  )
  expect(missing).toEqual(['bob event-time 31', 'eve event-time 130'])
})

/** Registers a processing-time timer a second ahead for each record. */
const reminder = {
  processElement(_: string, ctx: KeyedProcessContext<string>): void {
    const { timerService } = ctx
    timerService.registerProcessingTimeTimer(timerService.currentProcessingTime() + 1_000)
  },
  onTimer(_: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    out.collect(`${ctx.currentKey} ${ctx.timeDomain}`)
  },
}

test('PRO-03 processing-time timers fire with no input, for the right key', async () => {
  const input = new ScriptedInput<string>()
  const fired = new ArraySink<string>()
  const job = testJob((env) => {
    const words = env.fromSource(scriptedSource(input)).keyBy((word) => word)
    words.process(reminder).sinkTo(fired)
  })
  await job.advance(100)
  job.world.after(0, () => input.feed([record('a')]))
  await job.advance(500)
  job.world.after(0, () => input.feed([record('b')]))
  await job.advance(400)
  expect(fired.records).toEqual([])
  await job.advance(200)
  expect(fired.records).toEqual(['a processing-time'])
  await job.advance(500)
  expect(fired.records).toEqual(['a processing-time', 'b processing-time'])
  job.stop()
})

test('PRO-04 registering a timer twice fires it once; a deleted one never fires', async () => {
  const fired = await runInSim((env) =>
    env
      .fromSource(
        scriptedSource([[record('a', 1), record('b', 2)]]),
        watermarks.monotonous<string>(),
      )
      .keyBy((word) => word)
      .process<string>({
        processElement(word, { timerService }) {
          timerService.registerEventTimeTimer(10)
          timerService.registerEventTimeTimer(10)
          timerService.registerEventTimeTimer(20)
          if (word === 'a') timerService.deleteEventTimeTimer(20)
        },
        onTimer: (timestampMs, ctx, out) => out.collect(`${ctx.currentKey}${timestampMs}`),
      })
      .executeAndCollect(),
  )
  expect(fired.sort()).toEqual(['a10', 'b10', 'b20'])
})

const checkpointed = {
  'execution.checkpointing.interval': 1_000,
  'execution.checkpointing.dir': '/checkpoints',
  'execution.state-recovery.path': 'latest',
}

test('PRO-05 after a kill an overdue processing timer fires at once, event timers as the watermark says', async () => {
  const host = new SimHost()
  const input = new ScriptedInput<string>()
  const fired = new ArraySink<string>()
  const start = (env: StreamExecutionEnvironment) => {
    env
      .fromSource(scriptedSource(input), watermarks.monotonous<string>())
      .uid('input')
      .keyBy((word) => word)
      .process<string>({
        processElement(word, ctx) {
          const { timerService } = ctx
          if (word !== 'a') return
          timerService.registerProcessingTimeTimer(timerService.currentProcessingTime() + 10_000)
          timerService.registerEventTimeTimer(100)
        },
        onTimer: (_, ctx, out) => out.collect(`${ctx.currentKey} ${ctx.timeDomain}`),
      })
      .uid('timers')
      .sinkTo(fired)
    return env.executeAsync('timers')
  }
  await host.run(async (env, process) => {
    await start(env)
    input.feed([record('a', 1)])
    await pass(process, 5_000)
  }, checkpointed)
  expect(fired.records).toEqual([])
  await host.rest(60_000)
  await host.run(async (env, process) => {
    await start(env)
    await pass(process, 100)
    expect(fired.records).toEqual(['a processing-time'])
    input.feed([record('b', 100)])
    await pass(process, 1_000)
    expect(fired.records).toHaveLength(1)
    input.feed([record('b', 101)])
    await pass(process, 1_000)
    expect(fired.records).toEqual(['a processing-time', 'a event-time'])
  }, checkpointed)
})
