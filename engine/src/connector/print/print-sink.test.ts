import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { SinkHarness } from '../../testing/kit/sink-harness.ts'
import { type PrintSinkOptions, printSink } from './print-sink.ts'

const env = manualEnv(new MemoryFileSystem())

function printed(parallelism: number, options: PrintSinkOptions<unknown> = {}): readonly string[] {
  const lines: string[] = []
  const sink = printSink<unknown>({ write: (line) => lines.push(line), ...options })
  const harness = new SinkHarness(sink, env, { parallelism })
  harness.write('a', 0)
  harness.write({ n: 1n }, parallelism - 1)
  return lines
}

test('a line per record; the subtask stands before it if there are several', () => {
  expect(printed(1)).toEqual(['a', '{"n":"1"}'])
  expect(printed(3)).toEqual(['1> a', '3> {"n":"1"}'])
})

test('a prefix stands before the subtask', () => {
  expect(printed(1, { prefix: 'words' })[0]).toBe('words> a')
  expect(printed(2, { prefix: 'words' })[0]).toBe('words:1> a')
  expect(printed(1, { format: (value) => typeof value })).toEqual(['string', 'object'])
})
