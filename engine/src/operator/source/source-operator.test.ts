import { describe, expect, test } from 'vitest'
import { metricGroup } from '../../core/metrics.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import { OperatorStateBackend } from '../../state/operator-state-backend.ts'
import type { StateSection } from '../../state/state-section.ts'
import { ManualTime } from '../../testing/manual-time.ts'
import { type WatermarkStrategy, watermarks } from '../time/watermark-strategy.ts'
import type { ReaderOutput, Source } from './source.ts'
import { SourceOperator } from './source-operator.ts'

interface Partition {
  readonly id: string
}

type Emit = (output: ReaderOutput<string>) => void

/** A source operator whose reader does what the test says at each poll. */
class Bench {
  readonly time = new ManualTime(0)
  readonly emitted: string[] = []
  readonly reported: number[] = []
  readonly operator: SourceOperator<string, Partition>
  readonly state: OperatorStateBackend
  splits: readonly Partition[] = []
  #next: Emit[] = []

  constructor(strategy: WatermarkStrategy<string>, restored?: readonly StateSection[]) {
    this.state = new OperatorStateBackend({ restored })
    const source: Source<string, Partition, unknown> = {
      name: 'partitions',
      boundedness: 'unbounded',
      splitId: ({ id }) => id,
      createEnumerator: () => ({}) as never,
      createReader: () => ({
        start: () => {},
        addSplits: (splits) => {
          this.splits = [...this.splits, ...splits]
        },
        notifyNoMoreSplits: () => {},
        snapshotState: () => this.splits,
        close: () => {},
        poll: (output) => {
          const emit = this.#next.shift()
          emit?.(output)
          return this.#next.length > 0 ? 'more' : 'waiting'
        },
      }),
    }
    this.operator = new SourceOperator(source, strategy, {
      requestSplit: () => {},
      reportWatermark: (watermarkMs) => this.reported.push(watermarkMs),
      wakeUp: () => {},
      fail: () => {},
    })
    this.operator.setup({
      task: { operatorName: 'source', subtaskIndex: 0, parallelism: 1 },
      autoWatermarkIntervalMs: 0,
      recordErrorPolicy: 'fail',
      metrics: metricGroup(),
      operatorState: this.state,
      warn: () => {},
      output: {
        collect: (value: string, atMs: number) => this.emitted.push(`${value}@${atMs}`),
        emitWatermark: (atMs: number) => this.emitted.push(`W${atMs}`),
        emitWatermarkStatus: (idle: boolean) => this.emitted.push(idle ? 'idle' : 'active'),
        flush: () => {},
      },
      processingTime: {
        nowMs: () => this.time.nowMs(),
        schedule: (atMs: number, run: () => void) => this.time.schedule(atMs, run),
      },
    } as never)
    this.operator.initializeState()
    this.operator.open()
  }

  /** Lets the reader emit a record of a split at each of the times, a poll for each. */
  poll(splitId: string, ...timestamps: number[]): string {
    this.#next.push(
      ...timestamps.map((atMs) => (output: ReaderOutput<string>) => {
        output.forSplit(splitId)
        output.collect(splitId, atMs)
      }),
    )
    while (this.operator.poll(16) === 'more') {}
    return this.emitted.splice(0).join(' ')
  }

  /** Lets the reader emit records of several splits in one poll. */
  pollOnce(...records: readonly (readonly [splitId: string, atMs: number])[]): string {
    this.#next.push((output) => {
      for (const [splitId, atMs] of records) {
        output.forSplit(splitId)
        output.collect(splitId, atMs)
      }
    })
    this.operator.poll(16)
    return this.emitted.splice(0).join(' ')
  }

  snapshot(): readonly StateSection[] {
    this.operator.snapshotState(1)
    return this.state.snapshot()
  }
}

const monotonous = watermarks.monotonous<string>()

describe('a source that names its splits', () => {
  test('waits for splits that are assigned and not begun', () => {
    const bench = new Bench(monotonous)
    bench.operator.addSplits([{ id: 'a' }, { id: 'b' }])
    expect(bench.poll('a', 1_000, 2_000)).toBe('a@1000 a@2000')
    expect(bench.poll('b', 10)).toBe('b@10 W9')
    bench.operator.releaseSplit('b')
    expect(bench.poll('a', 2_001)).toBe('W1999 a@2001 W2000')
  })

  test('knows of each record of a poll whose it is', () => {
    const bench = new Bench(monotonous)
    bench.operator.addSplits([{ id: 'a' }, { id: 'b' }])
    const records = bench.pollOnce(['a', 1_000], ['b', 10], ['b', 20], ['a', 2_000], ['b', 30])
    expect(records).toBe('a@1000 b@10 W9 b@20 W19 a@2000 b@30 W29')
  })

  test('goes on after a restore with the watermark it had, and waits for all restored splits', () => {
    const before = new Bench(monotonous)
    before.operator.addSplits([{ id: 'a' }, { id: 'b' }])
    before.poll('a', 5_000)
    before.poll('b', 400)
    const bench = new Bench(monotonous, before.snapshot())
    expect(bench.poll('a', 300)).toBe('W399 a@300')
    expect(bench.poll('a', 6_000)).toBe('a@6000')
    expect(bench.poll('b', 500)).toBe('b@500 W499')
  })
})

describe('a source that aligns its watermark', () => {
  const aligned = monotonous.withWatermarkAlignment('group', 100, 1_000)

  test('reports how far it is, and the end of time when it has ended', () => {
    const bench = new Bench(aligned)
    bench.poll('a', 50)
    bench.time.advanceTo(2_500)
    expect(bench.reported).toEqual([49, 49])
    bench.operator.endOfRecords()
    bench.time.advanceTo(9_000)
    expect(bench.reported).toEqual([49, 49, MAX_WATERMARK_MS])
  })

  test('reads no further than the drift ahead of the group', () => {
    const bench = new Bench(aligned)
    bench.operator.alignWatermark(0)
    expect(bench.poll('a', 50, 100, 150, 200)).toBe('a@50 W49 a@100 W99 a@150 W149')
    bench.operator.alignWatermark(49)
    expect(bench.poll('a')).toBe('a@200 W199')
    expect(bench.poll('a', 300)).toBe('')
    bench.operator.alignWatermark(MAX_WATERMARK_MS)
    expect(bench.poll('a')).toBe('a@300 W299')
  })

  test('is not idle while it waits for others, and reports nothing to wait for when it is', () => {
    const bench = new Bench(aligned.withIdleness(500))
    bench.operator.alignWatermark(0)
    bench.poll('a', 200, 300)
    bench.time.advanceTo(3_000)
    expect(bench.emitted).toEqual([])
    expect(bench.reported).toEqual([199, 199, 199])
    bench.operator.alignWatermark(1_000)
    bench.poll('a')
    bench.time.advanceTo(5_000)
    expect(bench.emitted).toEqual(['idle'])
    expect(bench.reported.slice(3)).toEqual([MAX_WATERMARK_MS, MAX_WATERMARK_MS])
  })
})
