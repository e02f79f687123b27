import { expect, test } from 'vitest'
import { transformationOf } from '../../api/datastream/data-stream.ts'
import { getExecutionEnvironment, outputTag } from '../../index.ts'
import { ScriptedInput } from '../../testing/scripted-input.ts'
import { scriptedSource } from '../../testing/scripted-source.ts'
import { requireBounded } from './bounded-input.ts'

test('an unbounded source is found behind side outputs, joins and broadcasts', () => {
  const env = getExecutionEnvironment()
  const endless = env.fromSource(scriptedSource(new ScriptedInput<number>()), undefined, 'Endless')
  const side = endless.process({ processElement: () => {} }).getSideOutput(outputTag('side'))
  const connected = env.fromElements(1).connect(endless.broadcast())
  const flat = connected.flatMap({ flatMap1: () => {}, flatMap2: () => {} })
  for (const stream of [side, flat, endless.keyBy((n) => n)]) {
    expect(() => requireBounded(transformationOf(stream))).toThrow(/the source 'Endless'/)
  }
})

test('each transformation is looked at once, however many ways lead to it', () => {
  let stream = getExecutionEnvironment().fromElements(1)
  for (let i = 0; i < 64; i++) stream = stream.union(stream)
  expect(() => requireBounded(transformationOf(stream))).not.toThrow()
})
