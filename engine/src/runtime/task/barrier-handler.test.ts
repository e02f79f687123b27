import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CheckpointBarrier } from '../../core/stream-element.ts'
import { AlignedBarrierHandler } from './barrier-handler.ts'

function barrier(checkpointId: number): CheckpointBarrier {
  return { kind: 'barrier', checkpointId, triggeredMs: 0, purpose: 'checkpoint' }
}

describe('AlignedBarrierHandler', () => {
  test('blocks each channel until the barrier has come on all', () => {
    const handler = new AlignedBarrierHandler(3)
    expect(handler.onBarrier(1, barrier(1), 5).kind).toBe('block')
    expect(handler.onBarrier(0, barrier(1), 6).kind).toBe('block')
    expect(handler.onBarrier(2, barrier(1), 9)).toEqual({
      kind: 'snapshot',
      barrier: barrier(1),
      startedMs: 5,
    })
  })

  test('one channel needs no alignment', () => {
    const handler = new AlignedBarrierHandler(1)
    expect(handler.onBarrier(0, barrier(1), 0).kind).toBe('snapshot')
    expect(handler.onBarrier(0, barrier(2), 0).kind).toBe('snapshot')
  })

  test('a newer barrier gives up the alignment of an older one', () => {
    const handler = new AlignedBarrierHandler(2)
    handler.onBarrier(0, barrier(1), 0)
    expect(handler.onBarrier(1, barrier(2), 0)).toEqual({ kind: 'restart-alignment', aborted: 1 })
    expect(handler.onBarrier(0, barrier(2), 0).kind).toBe('snapshot')
  })

  test('an abort ends the alignment, and late barriers of that checkpoint are ignored', () => {
    const handler = new AlignedBarrierHandler(2)
    handler.onBarrier(0, barrier(1), 0)
    expect(handler.onAborted(1).kind).toBe('unblock')
    expect(handler.onBarrier(1, barrier(1), 0).kind).toBe('ignore')
    expect(handler.onBarrier(1, barrier(2), 0).kind).toBe('block')
  })

  test('an abort before the first barrier makes all its barriers be ignored', () => {
    const handler = new AlignedBarrierHandler(2)
    expect(handler.onAborted(3).kind).toBe('ignore')
    expect(handler.onBarrier(0, barrier(3), 0).kind).toBe('ignore')
    expect(handler.onBarrier(1, barrier(3), 0).kind).toBe('ignore')
  })

  test('an abort of an older checkpoint leaves the one in alignment alone', () => {
    const handler = new AlignedBarrierHandler(2)
    handler.onBarrier(0, barrier(2), 0)
    expect(handler.onAborted(1).kind).toBe('ignore')
    expect(handler.onBarrier(1, barrier(2), 0).kind).toBe('snapshot')
  })
})

/**
 * Model: each channel delivers the barriers 1..n in order, some of which are aborted at any moment.
 * A channel is read only when it is not blocked. Whatever the interleaving, a snapshot is taken
 * only when every channel is exactly at its barrier, at most once per id, ids growing; and nothing
 * hangs.
 */
test('property: snapshots cut all channels at the same barrier, and nobody hangs (B01)', () => {
  const choice = fc.nat(1_000)
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(choice, { minLength: 60, maxLength: 60 }),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      (channels, checkpoints, choices, abortable) => {
        const handler = new AlignedBarrierHandler(channels)
        const passed = new Array<number>(channels).fill(0)
        const blocked = new Array<boolean>(channels).fill(false)
        const aborted = new Set<number>()
        let lastSnapshot = 0
        const apply = (decision: ReturnType<typeof handler.onAborted>, channel: number): void => {
          if (decision.kind === 'block') blocked[channel] = true
          if (decision.kind === 'unblock' || decision.kind === 'snapshot') blocked.fill(false)
          if (decision.kind === 'restart-alignment') {
            blocked.fill(false)
            blocked[channel] = true
          }
          if (decision.kind !== 'snapshot') return
          const id = decision.barrier.checkpointId
          expect(passed).toEqual(new Array(channels).fill(id))
          expect(id).toBeGreaterThan(lastSnapshot)
          expect(aborted.has(id)).toBe(false)
          lastSnapshot = id
        }
        for (const pick of choices) {
          const abort = pick % 7 === 0 ? 1 + (pick % checkpoints) : 0
          if (abort > 0 && abortable[abort - 1] && abort > lastSnapshot) {
            aborted.add(abort)
            apply(handler.onAborted(abort), -1)
            continue
          }
          const open = passed.flatMap((at, c) => (blocked[c] || at >= checkpoints ? [] : [c]))
          const channel = open[pick % Math.max(1, open.length)]
          if (channel === undefined) continue
          const next = (passed[channel] as number) + 1
          passed[channel] = next
          apply(handler.onBarrier(channel, barrier(next), 0), channel)
        }
        for (let round = 0; round < channels * checkpoints; round++) {
          passed.forEach((at, channel) => {
            if (blocked[channel] || at >= checkpoints) return
            passed[channel] = at + 1
            apply(handler.onBarrier(channel, barrier(at + 1), 0), channel)
          })
        }
        expect(passed).toEqual(new Array(channels).fill(checkpoints))
      },
    ),
    { seed: 7, numRuns: 2_000 },
  )
})
