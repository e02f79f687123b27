import { expect, test } from 'vitest'
import { CapturedOutput, CapturedStreams } from './captured-output.ts'
import { TestEnv } from './test-env.ts'

function outputs(streams: CapturedStreams): [CapturedOutput, CapturedOutput] {
  streams.resetSubtasks(2)
  const env = new TestEnv()
  const pair: [CapturedOutput, CapturedOutput] = [
    new CapturedOutput(streams, 0, env),
    new CapturedOutput(streams, 1, env),
  ]
  for (const output of pair) output.closedBecause = undefined
  return pair
}

test('the watermark of several subtasks is their minimum, and only grows', () => {
  const streams = new CapturedStreams('by-reference')
  const [left, right] = outputs(streams)
  left.emitWatermark(5)
  expect(streams.watermarks).toEqual([])
  right.emitWatermark(3)
  right.emitWatermark(9)
  left.emitWatermark(4)
  left.emitWatermark(7)
  expect(streams.watermarks).toEqual([3, 5, 7])
  const [freshLeft, freshRight] = outputs(streams)
  freshLeft.emitWatermark(6)
  freshRight.emitWatermark(6)
  expect(streams.watermarks).toEqual([3, 5, 7])
})

test('records are kept by reference, by copy or frozen', () => {
  const kept = (['by-reference', 'by-copy', 'frozen'] as const).map((style) => {
    const streams = new CapturedStreams(style)
    const [output] = outputs(streams)
    const value = { list: [1] }
    output.collect(value, 0)
    const { value: captured } = streams.records[0] as { value: unknown }
    return [captured === value, Object.isFrozen(captured), Object.isFrozen(value.list)]
  })
  expect(kept).toEqual([
    [true, false, false],
    [false, false, false],
    [true, true, true],
  ])
})
