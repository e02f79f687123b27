import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Collector,
  type KeyedProcessFunction,
  type ProcessFunction,
  perSubtask,
} from '../../src/index.ts'
import { OperatorBase } from '../../src/operator/operator-base.ts'
import type { OneInputOperator, RecordBatch } from '../../src/spi.ts'
import { findsMistake } from './relations.ts'
import { type BuildJob, type Item, keyedItems, type Relation } from './subject.ts'

/** Emits how many records there were in each batch. */
class CountsBatches extends OperatorBase<string> implements OneInputOperator<Item> {
  processBatch({ length }: RecordBatch<Item>): void {
    this.output.collect(`${length}`, Number.NaN)
  }

  endInput(): void {}
}

/** Emits a record for each time its input was idle. */
class CountsSilences extends OperatorBase<string> implements OneInputOperator<Item> {
  processBatch(): void {}

  override processWatermarkStatus(idle: boolean): void {
    if (idle) this.output.collect('silent', Number.NaN)
    super.processWatermarkStatus(idle)
  }

  endInput(): void {}
}

/** Numbers records in a field, where a restore does not reach. */
const forgetful = perSubtask((): KeyedProcessFunction<string, Item, string> => {
  const counts = new Map<string, number>()
  return {
    processElement({ key }, _ctx, out): void {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      out.collect(`${key} ${count}`)
    },
  }
})

/** Numbers the records of a subtask, whatever their keys. */
const ofSubtask = perSubtask((): ProcessFunction<Item, string> => {
  let count = 0
  return {
    processElement(_item, _ctx, out: Collector<string>): void {
      count++
      out.collect(`${count}`)
    },
  }
})

/** Says when the clock has seen a record. */
const byClock: BuildJob<unknown> = ({ items, nowMs }) =>
  items(0).map(({ id }) => `${id} at ${Math.round(nowMs() * 1e6)}`)

/** Changes the record that another operator of the chain has as well. */
const changing: BuildJob<unknown> = ({ items }) => {
  const boxes = items(0).map(({ id }) => ({ id }))
  const changed = boxes
    .map((box) => {
      box.id = -1
      return `${box.id}`
    })
    .filter(() => false)
  return changed.union(boxes.map(({ id }) => `${id}`))
}

/** A mistake that one relation alone must find, without a reference. */
const MISTAKES: Readonly<Record<Exclude<Relation, 'restart' | 'rescale'>, BuildJob<unknown>>> = {
  permutation: (parts) =>
    keyedItems(parts)
      .reduce((left, right) => ({ ...right, n: left.n + right.n }))
      .map(({ id, n }) => `${id} ${n}`),
  parallelism: ({ items }) => items(0).rebalance().process(ofSubtask),
  batchSize: ({ items }) => items(0).transform('Count', () => new CountsBatches()),
  chaining: changing,
  schedule: byClock,
  crash: (parts) => keyedItems(parts).process(forgetful),
  idle: ({ items }) => items(0).transform('Silence', () => new CountsSilences()),
}

describe('each relation finds the mistake that it is there for', () => {
  test.each(Object.entries(MISTAKES))('canary: %s', async (relation, build) => {
    const subject = {
      name: relation,
      descriptions: fc.constant({}),
      relations: [relation as Relation],
      build,
      canaries: {},
    }
    expect(await findsMistake(subject)).toBe(true)
    expect(await findsMistake({ ...subject, relations: [] }, 20)).toBe(false)
  })
})
