import { SourceHarness, sourceConformance, TestEnv } from '@millrace/engine/testing'
import { describe, expect, it } from 'vitest'
import type { NexmarkEvent } from './nexmark-event.ts'
import { NexmarkGenerator } from './nexmark-generator.ts'
import { nexmarkSource } from './nexmark-source.ts'

const EVENTS = 6_500

const generator = new NexmarkGenerator()
const all: readonly NexmarkEvent[] = Array.from({ length: EVENTS }, (_, index) =>
  generator.event(index + 1),
)
const numberOf = new Map(all.map((event, index) => [JSON.stringify(event), index + 1]))

/** The numbers of the events that each subtask emits. */
async function numbersAt(parallelism: number): Promise<readonly number[]> {
  const source = nexmarkSource({ events: EVENTS, splits: 4 })
  const harness = new SourceHarness(source, new TestEnv(), parallelism)
  await harness.runToEnd()
  return harness.records.map((event) => numberOf.get(JSON.stringify(event)) as number)
}

describe('nexmarkSource (BEN-02)', () => {
  it('emits all events in the order of their numbers at parallelism 1', async () => {
    expect(await numbersAt(1)).toEqual(all.map((_, index) => index + 1))
  })

  it.each([2, 3, 5])('emits the same events at parallelism %i, each split in order', async (p) => {
    const numbers = await numbersAt(p)
    expect(numbers.toSorted((left, right) => left - right)).toEqual(await numbersAt(1))
    for (let split = 0; split < 4; split++) {
      const ofSplit = numbers.filter((n) => Math.floor((n - 1) / 1_000) % 4 === split)
      expect(ofSplit).toEqual(ofSplit.toSorted((left, right) => left - right))
    }
  })

  it('stamps events with their time', async () => {
    const harness = new SourceHarness(nexmarkSource({ events: 100 }), new TestEnv(), 1)
    await harness.runToEnd()
    expect(harness.timestamps).toEqual(all.slice(0, 100).map(({ dateTime }) => dateTime))
  })

  it('has no end unless it is told one', () => {
    expect(nexmarkSource().boundedness).toBe('unbounded')
    expect(nexmarkSource({ events: 5 }).boundedness).toBe('bounded')
  })

  describe('keeps what the engine relies on, restores included', () => {
    const cases = sourceConformance({
      makeSource: () => nexmarkSource({ events: 2_100, splits: 3 }),
      expected: all.slice(0, 2_100),
      idOf: (event) => JSON.stringify(event),
      runCount: 3,
    })
    it.each(cases)('$name', ({ run }) => run())
  })
})
