import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { SinkHarness } from '../../testing/kit/sink-harness.ts'
import { discardSink } from '../discard/discard-sink.ts'
import { collectSink } from './collect-sink.ts'

const env = manualEnv(new MemoryFileSystem())

test('records arrive when their checkpoint is committed, and once however often that is', async () => {
  const values: number[] = []
  const sink = collectSink<number>({ add: (value) => values.push(value) })
  const harness = new SinkHarness(sink, env, { parallelism: 2 })
  harness.write(1, 0)
  harness.write(2, 1)
  const checkpoint = await harness.checkpoint(1)
  harness.write(3, 0)
  expect(values).toEqual([])
  await harness.commit()
  expect(values).toEqual([1, 2])
  for (let attempt = 1; attempt <= 2; attempt++) {
    const again = new SinkHarness(sink, env, { attempt, restored: checkpoint })
    await again.commit()
    again.write(3)
    await again.checkpoint(2)
    if (attempt === 2) await again.commit()
  }
  expect(values).toEqual([1, 2, 3])
})

test('a discard sink counts what it drops', () => {
  const harness = new SinkHarness(discardSink<number>(), env)
  harness.write(1)
  harness.write(2)
  expect(harness.metrics.snapshot()).toEqual({ numRecordsDiscarded: 2 })
})
