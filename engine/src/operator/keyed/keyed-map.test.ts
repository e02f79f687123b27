import { expect, test } from 'vitest'
import type { ValueState } from '../../state/keyed-state.ts'
import { valueState } from '../../state/state-descriptor.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import type { Collector } from '../function/functions.ts'
import type { RuntimeContext } from '../function/runtime-context.ts'
import { keyedFilterOperator } from './keyed-filter.ts'
import { keyedFlatMapOperator } from './keyed-flat-map.ts'
import { keyedMapOperator } from './keyed-map.ts'

const key = (value: string): string => value

/** Numbers the records of each key; as a map, a filter and a flat map. */
class Numbering {
  count: ValueState<number> | undefined

  open(context: RuntimeContext): void {
    this.count = context.getState(valueState<number>('count', { initialValue: 0 }))
  }

  next(): number {
    const next = (this.count?.value() ?? 0) + 1
    this.count?.update(next)
    return next
  }

  map(value: string): string {
    return `${value}${this.next()}`
  }

  filter(): boolean {
    return this.next() === 1
  }

  flatMap(value: string, out: Collector<string>): void {
    for (let n = this.next(); n > 0; n--) out.collect(`${value}${n}`)
  }
}

test('map, filter and flatMap have keyed state on a keyed stream', () => {
  const outputs = [
    keyedMapOperator(new Numbering(), key),
    keyedFilterOperator(new Numbering(), key),
    keyedFlatMapOperator(new Numbering(), key),
  ].map((operator) => {
    const h = operatorHarness<string, string>({ operator, keyBy: key })
    h.process(['a', 'b', 'a'], 3)
    const times = h.outputWithTimestamps.map((r) => r.timestampMs)
    expect(times.every((t) => t === 3)).toBe(true)
    const output = h.output
    h.close()
    return output
  })
  expect(outputs).toEqual([
    ['a1', 'b1', 'a2'],
    ['a', 'b'],
    ['a1', 'b1', 'a2', 'a1'],
  ])
})
