import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import type { ListState, ValueState } from '../../state/keyed-state.ts'
import type { BroadcastState } from '../../state/operator-state.ts'
import { listState, mapState, valueState } from '../../state/state-descriptor.ts'
import { type TwoInputHarness, twoInputHarness } from '../../testing/two-input-harness.ts'
import { types } from '../../types/types.ts'
import type { RuntimeContext } from '../function/runtime-context.ts'
import type { KeyedBroadcastProcessFunction } from './broadcast-process-function.ts'
import { keyedBroadcastProcessOperator } from './keyed-broadcast-process.ts'

interface Reading {
  readonly sensor: string
  readonly value: number
}
interface Limit {
  readonly name: string
  readonly limit: number
}

const sensorOf = (reading: Reading): string => reading.sensor
const LIMITS = mapState<string, number>('limits', { keyType: types.string, type: types.number })
const LAST = valueState<number>('last', { type: types.number })

/** Alerts for each reading above a limit, and anew for stored readings when a limit changes. */
class Alerts implements KeyedBroadcastProcessFunction<string, Reading, Limit, string> {
  last: ValueState<number> | undefined

  open(context: RuntimeContext): void {
    this.last = context.getState(LAST)
  }

  processElement(
    ...[reading, ctx, out]: Parameters<
      KeyedBroadcastProcessFunction<string, Reading, Limit, string>['processElement']
    >
  ): void {
    this.last?.update(reading.value)
    for (const [name, limit] of ctx.getBroadcastState(LIMITS).entries()) {
      if (reading.value > limit) out.collect(`${ctx.currentKey} ${reading.value} > ${name}`)
    }
  }

  processBroadcastElement(
    ...[{ name, limit }, ctx, out]: Parameters<
      KeyedBroadcastProcessFunction<string, Reading, Limit, string>['processBroadcastElement']
    >
  ): void {
    ctx.getBroadcastState(LIMITS).put(name, limit)
    ctx.applyToKeyedState(LAST, (sensor, state) => {
      const value = state.value() as number
      if (value > limit) out.collect(`${sensor} had ${value} > ${name}`)
      else state.clear()
    })
  }
}

type Options = Partial<Parameters<typeof twoInputHarness<Reading, Limit>>[0]>

function harness<OUT>(
  fn: KeyedBroadcastProcessFunction<string, Reading, Limit, OUT>,
  options: Options = {},
): TwoInputHarness<Reading, Limit, OUT> {
  return twoInputHarness<Reading, Limit, OUT>({
    operator: keyedBroadcastProcessOperator(fn, sensorOf, [LIMITS]),
    keyBy1: sensorOf,
    broadcast2: true,
    ...options,
  })
}

const reading = (sensor: string, value: number): Reading => ({ sensor, value })

test('a broadcast record changes the output of every subtask, in all modes', () => {
  const h = harness(new Alerts(), { parallelism: 4 })
  const sensors = Array.from({ length: 20 }, (_, i) => `s${i}`)
  h.process1(sensors.map((sensor) => reading(sensor, 5)))
  expect(h.output).toEqual([])
  h.process2([{ name: 'low', limit: 3 }])
  expect([...h.output].sort()).toEqual(sensors.map((sensor) => `${sensor} had 5 > low`).sort())
  h.process1(sensors.map((sensor) => reading(sensor, 4)))
  expect(h.output).toHaveLength(40)
  expect(h.output).toContain('s7 4 > low')
  h.close()
})

test('applyToKeyedState visits each key once, may clear it, and leaves others alone', () => {
  const h = harness(new Alerts(), { parallelism: 2 })
  h.process1([reading('a', 10), reading('b', 1), reading('c', 20)])
  h.process2([{ name: 'x', limit: 5 }])
  expect([...h.output].sort()).toEqual(['a had 10 > x', 'c had 20 > x'])
  expect(h.stateEntries).toBe(2)
  h.process2([{ name: 'y', limit: 15 }])
  expect([...h.output].sort()).toEqual(['a had 10 > x', 'c had 20 > x', 'c had 20 > y'])
  expect(h.stateEntries).toBe(1)
  h.close()
})

test('applyToKeyedState works on state of other kinds, and may add to other state of the key', () => {
  const seen = listState<number>('seen', { type: types.number })
  const visits = mapState<string, number>('visits')
  const fn: KeyedBroadcastProcessFunction<string, Reading, Limit, string> & {
    seen?: ListState<number>
    open(context: RuntimeContext): void
  } = {
    open(context) {
      this.seen = context.getListState(seen)
    },
    processElement(value) {
      this.seen?.add(value.value)
    },
    processBroadcastElement(value, ctx, out) {
      ctx.applyToKeyedState(visits, (key, map) => out.collect(`${key} ${map.get('n')}`))
      ctx.applyToKeyedState(seen, (key, list) => {
        out.collect(`${key} ${list.get().join('+')}`)
        list.add(value.limit)
      })
    },
  }
  const h = harness(fn)
  h.process1([reading('a', 1), reading('a', 2), reading('b', 3)])
  h.process2([{ name: '', limit: 9 }])
  h.process2([{ name: '', limit: 8 }])
  expect([...h.output].sort()).toEqual(['a 1+2', 'a 1+2+9', 'b 3', 'b 3+9'])
  h.close()
})

test('timers see broadcast state, and records the clocks', () => {
  const fn: KeyedBroadcastProcessFunction<string, Reading, Limit, string> = {
    processElement(_value, ctx) {
      ctx.timerService.registerEventTimeTimer(ctx.timestamp() + 10)
    },
    processBroadcastElement: ({ name, limit }, ctx) =>
      ctx.getBroadcastState(LIMITS).put(name, limit),
    onTimer(timestampMs, ctx, out) {
      const limits = [...ctx.getBroadcastState(LIMITS).values()]
      out.collect(`${ctx.currentKey} at ${timestampMs}: ${limits} ${ctx.currentWatermark()}`)
    },
  }
  const h = harness(fn)
  h.process1([reading('a', 1)], 5)
  h.process2([{ name: 'x', limit: 7 }])
  h.watermark(20)
  expect(h.timeline).toBe('a at 15: 7 20@15 W20')
  h.verifyNothingLeft()
  h.close()
})

describe('STA-08 broadcast state', () => {
  /** Says what broadcast state holds, to whatever record comes. */
  const copies: KeyedBroadcastProcessFunction<string, Reading, Limit, string> = {
    processElement(_value, ctx, out) {
      out.collect([...ctx.getBroadcastState(LIMITS).entries()].join(' '))
    },
    processBroadcastElement({ name, limit }, ctx) {
      if (limit < 0) ctx.getBroadcastState(LIMITS).remove(name)
      else ctx.getBroadcastState(LIMITS).put(name, limit)
    },
  }
  const everywhere = Array.from({ length: 40 }, (_, i) => reading(`s${i}`, 0))

  test.each([
    [2, 4],
    [4, 2],
    [1, 3],
    [3, 3],
  ])('is equal on every subtask after a rescale %i -> %i', (from, to) => {
    const h = harness(copies, { parallelism: from })
    h.process2([
      { name: 'a', limit: 1 },
      { name: 'b', limit: 2 },
      { name: 'c', limit: 3 },
      { name: 'b', limit: -1 },
    ])
    h.rescale(to)
    h.process1(everywhere)
    expect(new Set(h.output)).toEqual(new Set(['a,1 c,3']))
    expect(h.output).toHaveLength(40)
    h.close()
  })

  test('an emptied state stays empty', () => {
    const h = harness(copies, { parallelism: 3 })
    h.process2([{ name: 'a', limit: 1 }])
    h.rescale(2)
    h.process2([{ name: 'a', limit: -1 }])
    h.rescale(4)
    h.process1(everywhere)
    expect(new Set(h.output)).toEqual(new Set(['']))
    h.close()
  })
})

describe('errors', () => {
  function failing(
    fn: Partial<KeyedBroadcastProcessFunction<string, Reading, Limit, string>>,
  ): TwoInputHarness<Reading, Limit, string> {
    const nothing = { processElement: () => {}, processBroadcastElement: () => {} }
    return harness({ ...nothing, ...fn }, { modes: ['plain'] })
  }
  const program = (message: RegExp): unknown =>
    expect.objectContaining({
      code: ErrorCode.INVALID_PROGRAM,
      message: expect.stringMatching(message),
    })

  test.each(['put', 'remove', 'clear'] as const)('the record side cannot %s', (method) => {
    const h = failing({
      processElement(_value, ctx) {
        const state = ctx.getBroadcastState(LIMITS)
        // @ts-expect-error the compiler refuses it too
        state.put('x', 1)
        ;(state as BroadcastState<string, number>)[method]('x', 1)
      },
    })
    expect(() => h.process1([reading('a', 1)])).toThrow(program(/only be changed in processBroad/))
  })

  test('a state that the broadcast stream does not name', () => {
    const h = failing({
      processBroadcastElement: (_value, ctx) => void ctx.getBroadcastState(mapState('other')),
    })
    expect(() => h.process2([{ name: 'a', limit: 1 }])).toThrow(
      program(/'other', which its broadcast stream does not name \(it names 'limits'\)/),
    )
  })

  test.each(['at once', 'after applyToKeyedState'])(
    'keyed state on the broadcast side, %s',
    (when) => {
      const fn: KeyedBroadcastProcessFunction<string, Reading, Limit, string> & {
        last?: ValueState<number>
        open(context: RuntimeContext): void
      } = {
        open(context) {
          this.last = context.getState(LAST)
        },
        processElement() {
          this.last?.update(1)
        },
        processBroadcastElement(_value, ctx) {
          if (when !== 'at once') ctx.applyToKeyedState(LAST, () => {})
          this.last?.update(2)
        },
      }
      const h = harness(fn, { modes: ['plain'] })
      h.process1([reading('a', 1)])
      expect(() => h.process2([{ name: 'a', limit: 1 }])).toThrow(program(/without a current key/))
    },
  )
})
