import { describe, expect, test } from 'vitest'
import { metricGroup } from '../../core/metrics.ts'
import { RECORD_BATCH_CAPACITY, type RecordBatch } from '../../core/record-batch.ts'
import { ChainOutput, type ElementConsumer } from './chain-output.ts'

/** Notes what comes, with the way it came; `takes` says whether it would take batches over. */
class NotingConsumer implements ElementConsumer {
  readonly elements: unknown[] = []
  readonly takeBatch?: (batch: RecordBatch) => void

  constructor(takes: boolean) {
    if (takes) this.takeBatch = (batch) => this.#note('taken', batch)
  }

  batch(batch: RecordBatch): void {
    this.#note('lent', batch)
  }

  watermark(timestampMs: number): void {
    this.elements.push(timestampMs)
  }

  watermarkStatus(): void {}

  #note(way: string, batch: RecordBatch): void {
    this.elements.push([way, ...batch.values.slice(0, batch.length)])
  }
}

function outputTo(...consumers: readonly ElementConsumer[]): ChainOutput {
  return new ChainOutput(consumers, new Map(), metricGroup().counter('numRecordsOut'))
}

describe('ChainOutput', () => {
  test('lets its only consumer take a batch, and goes on with an empty one', () => {
    const consumer = new NotingConsumer(true)
    const output = outputTo(consumer)
    output.collect('a', 1)
    output.emitWatermark(1)
    output.collect('b', 2)
    output.flush()
    expect(consumer.elements).toEqual([['taken', 'a'], 1, ['taken', 'b']])
  })

  test('only lends a batch that several consumers read', () => {
    const consumers = [new NotingConsumer(true), new NotingConsumer(true)]
    const output = outputTo(...consumers)
    output.collect('a', 1)
    output.flush()
    output.collect('b', 2)
    output.flush()
    for (const { elements } of consumers) {
      expect(elements).toEqual([
        ['lent', 'a'],
        ['lent', 'b'],
      ])
    }
  })

  test('lends a batch to a consumer that takes none', () => {
    const consumer = new NotingConsumer(false)
    const output = outputTo(consumer)
    output.collect('a', 1)
    output.flush()
    expect(consumer.elements).toEqual([['lent', 'a']])
  })

  test('hands a full batch on at once and counts its records', () => {
    const consumer = new NotingConsumer(true)
    const recordsOut = metricGroup().counter('numRecordsOut')
    const output = new ChainOutput([consumer], new Map(), recordsOut)
    for (let i = 0; i <= RECORD_BATCH_CAPACITY; i++) output.collect(i, i)
    expect(consumer.elements.map((element) => (element as unknown[]).length - 1)).toEqual([
      RECORD_BATCH_CAPACITY,
    ])
    output.flush()
    expect(consumer.elements.at(-1)).toEqual(['taken', RECORD_BATCH_CAPACITY])
    expect(recordsOut.value).toBe(RECORD_BATCH_CAPACITY + 1)
  })
})
