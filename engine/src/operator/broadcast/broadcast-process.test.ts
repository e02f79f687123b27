import { expect, test } from 'vitest'
import { outputTag } from '../../core/output-tag.ts'
import { mapState } from '../../state/state-descriptor.ts'
import { twoInputHarness } from '../../testing/two-input-harness.ts'
import { broadcastProcessOperator } from './broadcast-process.ts'
import type { BroadcastProcessFunction } from './broadcast-process-function.ts'

const FACTORS = mapState<string, number>('factors')
const rules = outputTag<string>('rules')

const scale: BroadcastProcessFunction<number, readonly [string, number], number> = {
  processElement(value, ctx, out) {
    const factor = ctx.getBroadcastState(FACTORS).get('factor')
    if (factor !== undefined) out.collect(value * factor)
  },
  processBroadcastElement([name, factor], ctx) {
    ctx.getBroadcastState(FACTORS).put(name, factor)
    ctx.output(rules, `${name} at ${ctx.timestamp()}`)
  },
}

test('records see the broadcast state of the moment', () => {
  const h = twoInputHarness<number, readonly [string, number], number>({
    operator: broadcastProcessOperator(scale, [FACTORS]),
    broadcast2: true,
  })
  h.process1([1, 2])
  h.process2([['factor', 10]], 3)
  h.process1([1, 2], 4)
  h.process2([['factor', 100]], 5)
  h.process1([3], 6)
  expect(h.outputWithTimestamps).toEqual([
    { value: 10, timestampMs: 4 },
    { value: 20, timestampMs: 4 },
    { value: 300, timestampMs: 6 },
  ])
  expect(h.sideOutput(rules)).toEqual(['factor at 3', 'factor at 5'])
  h.close()
})
