import { expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { ListState, ValueState } from '../../state/keyed-state.ts'
import { listState, valueState } from '../../state/state-descriptor.ts'
import { twoInputHarness } from '../../testing/two-input-harness.ts'
import type { Collector } from '../function/functions.ts'
import type { RuntimeContext } from '../function/runtime-context.ts'
import type { KeyedProcessContext, OnTimerContext } from '../process/process-function.ts'
import { coProcessOperator } from './co-process.ts'
import { keyedCoProcessOperator } from './keyed-co-process.ts'

interface Config {
  readonly key: string
  readonly prefix: string
}

/** Holds data back until its configuration has come, at most 100 ms. */
class Configured {
  prefix!: ValueState<string>
  waiting!: ListState<string>

  open(context: RuntimeContext): void {
    this.prefix = context.getState(valueState<string>('prefix'))
    this.waiting = context.getListState(listState<string>('waiting'))
  }

  processElement1(config: Config, _ctx: KeyedProcessContext<string>, out: Collector<string>): void {
    this.prefix.update(config.prefix)
    for (const value of this.waiting.get()) out.collect(config.prefix + value)
    this.waiting.clear()
  }

  processElement2(value: string, ctx: KeyedProcessContext<string>, out: Collector<string>): void {
    const prefix = this.prefix.value()
    if (prefix !== undefined) {
      out.collect(prefix + value)
      return
    }
    this.waiting.add(value)
    ctx.timerService.registerEventTimeTimer(ctx.timestamp() + 100)
  }

  onTimer(_timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    for (const value of this.waiting.get()) out.collect(`${ctx.currentKey}?${value}`)
    this.waiting.clear()
  }
}

const first = (config: Config): string => config.key
const second = (value: string): string => value.slice(0, 1)

test('data waits for a late configuration and is released in order; timers are shared', () => {
  const h = twoInputHarness<Config, string, string>({
    operator: keyedCoProcessOperator(new Configured(), [first, second]),
    keyBy1: first,
    keyBy2: second,
  })
  h.process2(['a1', 'b1', 'a2'], 10)
  expect(h.output).toEqual([])
  h.process1([{ key: 'a', prefix: '>' }], 20)
  h.process2(['a3'], 30)
  expect(h.output).toEqual(['>a1', '>a2', '>a3'])
  h.watermark1(200)
  expect(h.output).toHaveLength(3) // the second input holds the watermark back
  h.watermark2(MAX_WATERMARK_MS)
  expect(h.output.at(-1)).toBe('b?b1')
  expect(h.timers).toBe(0)
  h.close()
})

test('without keys there are contexts, but no timers', () => {
  const operator = coProcessOperator<number, string, string>({
    processElement1: (n, ctx, out) => out.collect(`${n}@${ctx.timestamp()}`),
    processElement2: (_text, ctx) => ctx.timerService.registerProcessingTimeTimer(1),
  })
  const h = twoInputHarness<number, string, string>({ operator, modes: ['plain'] })
  h.process1([4], 3)
  expect(h.output).toEqual(['4@3'])
  expect(() => h.process2(['x'])).toThrow(/keyBy/)
})
