import { expect, test } from 'vitest'
import type { PipelinedRegion } from '../../plan/pipelined-regions.ts'
import { nextRegion } from './region-schedule.ts'

function regionsOf(...readsFrom: readonly (readonly number[])[]): readonly PipelinedRegion[] {
  return readsFrom.map((sources, index) => ({
    vertices: [`v${index}`],
    inputs: [],
    readsFrom: sources,
  }))
}

function orderOf(regions: readonly PipelinedRegion[]): readonly number[] {
  const finished = new Set<number>()
  const order: number[] = []
  for (;;) {
    const next = nextRegion(regions, finished)
    if (next === undefined) return order
    order.push(next)
    finished.add(next)
  }
}

test('BAT-03 a region runs after all that it reads from, each once', () => {
  expect(orderOf(regionsOf([], [0], [1]))).toEqual([0, 1, 2])
  expect(orderOf(regionsOf([], [], [0, 1], [0]))).toEqual([0, 1, 2, 3])
  expect(orderOf(regionsOf([2], [0], []))).toEqual([2, 0, 1])
})

test('BAT-03 a job in STREAMING is one region', () => {
  expect(orderOf(regionsOf([]))).toEqual([0])
})
