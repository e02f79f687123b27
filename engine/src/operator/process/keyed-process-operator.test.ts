import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { outputTag } from '../../core/output-tag.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { ValueState } from '../../state/keyed-state.ts'
import { valueState } from '../../state/state-descriptor.ts'
import { type OperatorHarness, operatorHarness } from '../../testing/operator-harness.ts'
import type { Collector } from '../function/functions.ts'
import type { RuntimeContext } from '../function/runtime-context.ts'
import { keyedProcessOperator } from './keyed-process-operator.ts'
import type {
  KeyedProcessContext,
  KeyedProcessFunction,
  OnTimerContext,
} from './process-function.ts'

interface Event {
  readonly user: string
  readonly kind: string
}
const user = (event: Event): string => event.user
const event = (text: string): Event => {
  const [name = '', kind = ''] = text.split(' ')
  return { user: name, kind }
}

function harness<OUT>(
  fn: KeyedProcessFunction<string, Event, OUT>,
  options: { readonly modes?: readonly 'plain'[] } = {},
): OperatorHarness<Event, OUT> {
  const operator = keyedProcessOperator(fn, user)
  return operatorHarness<Event, OUT>({ operator, keyBy: user, ...options })
}

/** Names the users who saw the order page and did not order within 30 ms. */
class MissingOrders {
  deadline: ValueState<number> | undefined

  open(context: RuntimeContext): void {
    this.deadline = context.getState(valueState<number>('deadline'))
  }

  processElement(value: Event, ctx: KeyedProcessContext<string>): void {
    const deadlineMs = this.deadline?.value()
    if (value.kind === 'page') {
      ctx.timerService.registerEventTimeTimer(ctx.timestamp() + 30)
      this.deadline?.update(ctx.timestamp() + 30)
    } else if (deadlineMs !== undefined) {
      ctx.timerService.deleteEventTimeTimer(deadlineMs)
      this.deadline?.clear()
    }
  }

  onTimer(timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    out.collect(`${ctx.currentKey} ${timestampMs} ${ctx.timeDomain} ${ctx.timestamp()}`)
    this.deadline?.clear()
  }
}

test('event-time timers fire for the keys that did not delete theirs', () => {
  const h = harness<string>(new MissingOrders())
  h.process([event('ann page'), event('bob page')], 10)
  h.process([event('bob order')], 20)
  h.watermark(39)
  expect(h.output).toEqual([])
  h.watermark(40)
  expect(h.timeline).toBe('W39 ann 40 event-time 40@40 W40')
  h.process([event('eve page')], 50)
  h.watermark(MAX_WATERMARK_MS)
  expect(h.output.at(-1)).toBe('eve 80 event-time 80')
  h.verifyNothingLeft()
  h.close()
})

test('a timer registered twice fires once, a deleted one never', () => {
  const fn: KeyedProcessFunction<string, Event, number> = {
    processElement({ kind }, { timerService }) {
      if (kind === 'set') timerService.registerEventTimeTimer(5)
      else timerService.deleteEventTimeTimer(5)
    },
    onTimer: (timestampMs, _ctx, out) => out.collect(timestampMs),
  }
  const h = harness(fn)
  h.process([event('a set'), event('a set'), event('b set'), event('b drop'), event('c drop')], 1)
  expect(h.timers).toBe(1)
  h.watermark(5)
  expect(h.output).toEqual([5])
  h.close()
})

const afterTenMs: KeyedProcessFunction<string, Event, string> = {
  processElement(_value, { timerService }) {
    timerService.registerProcessingTimeTimer(timerService.currentProcessingTime() + 10)
  },
  onTimer(timestampMs, ctx, out) {
    out.collect(`${ctx.currentKey} ${timestampMs} ${ctx.timeDomain}`)
  },
}

test('processing-time timers fire without input, with the right key and no event time', () => {
  const h = harness(afterTenMs)
  h.process([event('a x'), event('b x')], 7)
  h.advanceProcessingTime(9)
  expect(h.output).toEqual([])
  h.advanceProcessingTime(10)
  expect(h.timeline).toBe('a 10 processing-time b 10 processing-time')
  h.close()
})

test('a restored overdue processing timer fires at once', () => {
  const h = harness(afterTenMs, { modes: ['plain'] })
  h.process([event('a x')])
  const snapshot = h.snapshot()
  h.close()
  const later = operatorHarness<Event, string>({
    operator: keyedProcessOperator(afterTenMs, user),
    keyBy: user,
    modes: ['plain'],
    startMs: 1_000,
  })
  later.restore(snapshot)
  later.advanceProcessingTime(1_000)
  expect(later.output).toEqual(['a 10 processing-time'])
  later.close()
})

test('timers may set timers, and emit to side outputs with the timer time', () => {
  const ticks = outputTag<number>('ticks')
  const fn: KeyedProcessFunction<string, Event, string> = {
    processElement: (_value, ctx) => ctx.timerService.registerEventTimeTimer(10),
    onTimer(timestampMs, ctx) {
      ctx.output(ticks, timestampMs)
      if (timestampMs < 30) ctx.timerService.registerEventTimeTimer(timestampMs + 10)
    },
  }
  const h = harness(fn)
  h.process([event('a x')], 1)
  h.watermark(25)
  expect(h.sideOutput(ticks)).toEqual([10, 20])
  h.watermark(100)
  expect(h.sideOutput(ticks)).toEqual([10, 20, 30])
  h.close()
})

describe('errors', () => {
  test('in onTimer name the timer and its key', () => {
    const fn: KeyedProcessFunction<string, Event, string> = {
      processElement: (_value, ctx) => ctx.timerService.registerEventTimeTimer(5),
      onTimer() {
        throw new Error('boom')
      },
    }
    const h = harness(fn, { modes: ['plain'] })
    h.process([event('ann x')], 1)
    expect(() => h.watermark(5)).toThrow(
      expect.objectContaining({
        code: ErrorCode.USER_FUNCTION,
        message: expect.stringMatching(/the event-time timer 5 of key "ann": Error: boom/),
      }),
    )
  })

  test('a failure downstream of onTimer passes through unchanged', () => {
    const h = harness<string>(new MissingOrders(), { modes: ['plain'] })
    h.process([event('ann page')], 1)
    h.failNext('collect')
    expect(() => h.watermark(100)).toThrow(expect.objectContaining({ code: 'INJECTED_FAULT' }))
  })

  test('onTimer cannot swallow a failure downstream', () => {
    const fn: KeyedProcessFunction<string, Event, string> = {
      processElement: (_value, ctx) => ctx.timerService.registerEventTimeTimer(5),
      onTimer(_timestampMs, _ctx, out) {
        try {
          out.collect('x')
        } catch {}
      },
    }
    const h = harness(fn, { modes: ['plain'] })
    h.process([event('ann x')], 1)
    h.failNext('collect')
    expect(() => h.watermark(5)).toThrow(expect.objectContaining({ code: 'INJECTED_FAULT' }))
  })

  test('a timer at no time says that the record has no timestamp', () => {
    const h = harness<string>(new MissingOrders(), { modes: ['plain'] })
    expect(() => h.process([event('ann page')])).toThrow(
      /but got NaN. Does the record have a timestamp/,
    )
  })
})
