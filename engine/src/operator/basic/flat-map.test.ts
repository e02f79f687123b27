import { expect, test } from 'vitest'
import { operatorHarness } from '../../testing/operator-harness.ts'
import type { Collector } from '../function/functions.ts'
import { FlatMapOperator, flatMapOperator } from './flat-map.ts'

const words = (line: string, out: Collector<string>): void => {
  for (const word of line.split(' ')) if (word !== '') out.collect(word)
}

test('emits any number of records per record, with its timestamp', () => {
  const h = operatorHarness<string, string>({ operator: flatMapOperator(words) })
  h.process(['a b'], 1)
  h.process(['', 'c'], 2)
  expect(h.timeline).toBe('a@1 b@1 c@2')
  h.close()
})

test('takes a function object', () => {
  const h = operatorHarness<string, string>({
    operator: () => new FlatMapOperator({ flatMap: words }),
  })
  h.process(['a b'])
  expect(h.output).toEqual(['a', 'b'])
  h.close()
})
