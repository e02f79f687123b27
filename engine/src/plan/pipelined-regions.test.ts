import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ExchangeKind, pipelinedRegions } from './pipelined-regions.ts'

function graphOf(
  count: number,
  arrows: readonly (readonly [from: number, to: number, exchange: ExchangeKind])[],
): Parameters<typeof pipelinedRegions> {
  const vertices = Array.from({ length: count }, (_, id) => ({ id: `v${id}` }))
  const edges = arrows.map(([from, to, exchange], id) => ({
    id,
    sourceVertex: `v${from}`,
    targetVertex: `v${to}`,
    exchange,
  }))
  return [vertices, edges]
}

test('BAT-03 blocking edges part a chain of vertices, pipelined ones join it', () => {
  const graph = graphOf(4, [
    [0, 1, 'PIPELINED'],
    [1, 2, 'BLOCKING'],
    [2, 3, 'PIPELINED'],
  ])
  expect(pipelinedRegions(...graph)).toEqual([
    { vertices: ['v0', 'v1'], inputs: [0], readsFrom: [] },
    { vertices: ['v2', 'v3'], inputs: [1, 2], readsFrom: [0] },
  ])
})

test('BAT-03 what is joined further down is one region from the start', () => {
  const graph = graphOf(3, [
    [0, 2, 'PIPELINED'],
    [1, 2, 'PIPELINED'],
  ])
  expect(pipelinedRegions(...graph)).toEqual([
    { vertices: ['v0', 'v1', 'v2'], inputs: [0, 1], readsFrom: [] },
  ])
})

const arrow = fc.tuple(fc.nat(7), fc.nat(7), fc.constantFrom<ExchangeKind>('BLOCKING', 'PIPELINED'))

test('BAT-03 regions are the connected parts, by another way of finding them', () => {
  const property = fc.property(fc.array(arrow, { maxLength: 14 }), (drawn) => {
    const arrows = drawn
      .filter(([from, to]) => from !== to)
      .map(([from, to, kind]) => [Math.min(from, to), Math.max(from, to), kind] as const)
    const regions = pipelinedRegions(...graphOf(8, arrows))
    const regionOf = (vertex: number): number =>
      regions.findIndex(({ vertices }) => vertices.includes(`v${vertex}`))
    expect(regions.flatMap(({ vertices }) => vertices).sort()).toHaveLength(8)
    // Reachable over pipelined edges, in either direction, step by step.
    const reached = Array.from({ length: 8 }, (_, vertex) => new Set([vertex]))
    for (let round = 0; round < 8; round++) {
      for (const [from, to, kind] of arrows) {
        if (kind === 'BLOCKING') continue
        for (const set of reached) {
          if (set.has(from)) set.add(to)
          if (set.has(to)) set.add(from)
        }
      }
    }
    for (let left = 0; left < 8; left++) {
      for (let right = 0; right < 8; right++) {
        expect(regionOf(left) === regionOf(right)).toBe(reached[left]?.has(right))
      }
    }
    arrows.forEach(([from, to], id) => {
      const region = regions[regionOf(to)]
      expect(region?.inputs).toContain(id)
      if (regionOf(from) !== regionOf(to)) expect(region?.readsFrom).toContain(regionOf(from))
    })
  })
  fc.assert(property, { seed: 1, numRuns: 300 })
})
