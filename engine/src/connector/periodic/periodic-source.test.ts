import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { metricGroup } from '../../core/metrics.ts'
import type { ReaderOutput, SourceReaderContext } from '../../operator/source/source.ts'
import { TestEnv } from '../../testing/test-env.ts'
import type { PeriodicSourceOptions, PollRows } from './periodic-options.ts'
import type { PeriodicSplit } from './periodic-reader.ts'
import { periodicSource } from './periodic-source.ts'

interface Row {
  readonly id: number
  readonly name: string
}

/** A reader with the time and the outside world that a test gives it. */
class Bench {
  readonly env = new TestEnv({ startMs: 1_000 })
  readonly metrics = metricGroup()
  readonly emitted: string[] = []
  readonly failures: unknown[] = []
  readonly reader
  #awake = true

  constructor(
    poll: PollRows<Row>,
    options: PeriodicSourceOptions<Row> = {},
    split: PeriodicSplit = { seen: [] },
  ) {
    const context = {
      env: this.env,
      metrics: this.metrics,
      requestSplit: () => {},
      wakeUp: () => {
        this.#awake = true
      },
      fail: (error: unknown) => this.failures.push(error),
    }
    this.reader = periodicSource(100, poll, options).createReader(
      context as unknown as SourceReaderContext,
    )
    this.reader.addSplits([split])
    this.reader.start()
  }

  /** Polls as a task does, until nothing is left to do, and returns what was emitted. */
  async settle(maxRecords = 10): Promise<string> {
    const output = {
      collect: (row: Row, atMs: number) => this.emitted.push(`${row.id}${row.name}@${atMs}`),
    } as unknown as ReaderOutput<Row>
    for (let turn = 0; turn < 10; turn++) {
      while (this.#awake) {
        this.#awake = false
        if (this.reader.poll(output, maxRecords) === 'more') this.#awake = true
      }
      await Promise.resolve()
    }
    return this.emitted.splice(0).join(' ')
  }

  async advance(toMs: number): Promise<string> {
    this.env.clock.advanceTo(toMs)
    return this.settle()
  }
}

const rows = (text: string): Row[] =>
  text.split(' ').map((word) => ({ id: Number(word.slice(0, 1)), name: word.slice(1) }))

const byId: PeriodicSourceOptions<Row> = { key: (row) => row.id }

describe('what is emitted', () => {
  test('new and changed rows by key, each with the time at which it was looked for', async () => {
    let table = '1a 2b'
    const bench = new Bench(() => rows(table), byId)
    expect(await bench.settle()).toBe('1a@1000 2b@1000')
    expect(await bench.advance(1_100)).toBe('')
    table = '1a 2c 3d'
    expect(await bench.advance(1_199)).toBe('')
    expect(await bench.advance(1_200)).toBe('2c@1200 3d@1200')
    table = '1a'
    await bench.advance(1_300)
    table = '1a 2c'
    expect(await bench.advance(1_400)).toBe('2c@1400') // it was gone in between
  })

  test('without a key rows that were not there the time before; own timestamps', async () => {
    let table = '1a 2b'
    const bench = new Bench(() => rows(table), { timestamp: (row) => row.id })
    expect(await bench.settle()).toBe('1a@1 2b@2')
    table = '2b 2c 1a'
    expect(await bench.advance(1_100)).toBe('2c@2')
  })

  test('after a snapshot between two rows the rest, and only that', async () => {
    const first = new Bench(() => rows('1a 2b 3c'), byId)
    const output = { collect: () => {} } as unknown as ReaderOutput<Row>
    first.reader.poll(output, 2)
    await Promise.resolve()
    await Promise.resolve()
    first.reader.poll(output, 2)
    const [split] = first.reader.snapshotState(1)
    const second = new Bench(() => rows('1a 2b 3c'), byId, split)
    expect(await second.settle()).toBe('3c@1000')
  })
})

describe('looking', () => {
  test('is never done twice at once, and next follows at once after a long look', async () => {
    let release: (found: Row[]) => void = () => {}
    let looks = 0
    const bench = new Bench(() => {
      looks++
      return new Promise((resolve) => {
        release = resolve
      })
    }, byId)
    await bench.settle()
    bench.reader.notifyNoMoreSplits() // wakes the reader
    await bench.advance(1_550)
    await bench.advance(1_600)
    expect(looks).toBe(1)
    release(rows('1a'))
    expect(await bench.settle()).toBe('1a@1000')
    expect(looks).toBe(2)
    release([])
    await bench.settle()
    expect(looks).toBe(2)
    await bench.advance(1_700)
    expect(looks).toBe(3)
  })

  test('that fails fails the job, or is tried again', async () => {
    const broken = (): Row[] => {
      throw new Error('no database')
    }
    const strict = new Bench(broken)
    await strict.settle()
    expect(strict.failures).toEqual([new Error('no database')])
    let works = false
    const patient = new Bench(() => (works ? rows('1a') : broken()), { onError: 'retry' })
    await patient.settle()
    expect(patient.failures).toEqual([])
    expect(patient.metrics.snapshot()).toEqual({ numPolls: 1, numPollsFailed: 1 })
    works = true
    expect(await patient.advance(1_100)).toBe('1a@1100')
  })

  test('ends with the reader', async () => {
    let looks = 0
    const bench = new Bench(() => {
      looks++
      return []
    })
    await bench.settle()
    bench.reader.close()
    await bench.advance(5_000)
    expect(looks).toBe(1)
  })
})

test('a row that is no plain data fails the job with the reason', async () => {
  const bench = new Bench(() => [{ id: 1, name: (() => 'x') as never }])
  await bench.settle()
  expect(bench.failures).toEqual([expect.objectContaining({ code: ErrorCode.TYPE_MISMATCH })])
})

test.each([0, -5, Number.NaN])('an interval of %s is refused', (intervalMs) => {
  expect(() => periodicSource(intervalMs, () => [])).toThrow(
    expect.objectContaining({ code: ErrorCode.INVALID_ARGUMENT }),
  )
})
