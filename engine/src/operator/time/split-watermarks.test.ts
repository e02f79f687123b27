import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import { SplitWatermarks } from './split-watermarks.ts'
import { TrackedSplit } from './tracked-split.ts'

/** The laws, said as plainly as possible: everything is looked up anew after each step. */
class Reference {
  readonly splits = new Map<string, { ms: number; idle: boolean; counts: boolean }>()
  combinedMs: number = MIN_WATERMARK_MS
  highestMs: number = MIN_WATERMARK_MS

  settle(): number {
    for (const split of this.splits.values()) {
      this.highestMs = Math.max(this.highestMs, split.ms)
      if (!split.idle && split.ms >= this.combinedMs) split.counts = true
    }
    const active = [...this.splits.values()].filter(({ idle }) => !idle)
    const counting = active.filter(({ counts }) => counts).map(({ ms }) => ms)
    const candidate =
      active.length === 0
        ? this.highestMs
        : counting.length === 0
          ? MIN_WATERMARK_MS
          : Math.min(...counting)
    this.combinedMs = Math.max(this.combinedMs, candidate)
    return this.combinedMs
  }
}

interface Step {
  readonly do: 'add' | 'remove' | 'idle' | 'record'
  readonly id: string
  readonly ms: number
}

const id = fc.constantFrom('a', 'b', 'c', 'd')
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    do: fc.constantFrom('add', 'add', 'record', 'record', 'record', 'record', 'remove', 'idle'),
    id,
    ms: fc.nat({ max: 100 }),
  }),
  { maxLength: 60 },
)

test('the combined watermark is that of the laws after every step', () => {
  fc.assert(
    fc.property(steps, fc.option(fc.nat({ max: 50 }), { nil: undefined }), (run, restoredMs) => {
      const splits = new SplitWatermarks<string>()
      const reference = new Reference()
      if (restoredMs !== undefined) {
        splits.restore(restoredMs)
        reference.combinedMs = restoredMs
      }
      for (const step of run) {
        const split = splits.get(step.id)
        const model = reference.splits.get(step.id)
        let combined = reference.combinedMs
        if (step.do === 'add') {
          if (split !== undefined) continue
          splits.add(step.id, new TrackedSplit<string>(undefined, 0))
          reference.splits.set(step.id, { ms: MIN_WATERMARK_MS, idle: false, counts: true })
          combined = splits.combine()
        } else if (split === undefined || model === undefined) continue
        else if (step.do === 'remove') {
          splits.remove(step.id)
          reference.highestMs = Math.max(reference.highestMs, model.ms)
          reference.splits.delete(step.id)
          combined = splits.combine()
        } else if (step.do === 'idle') {
          splits.setIdle(split)
          model.idle = true
          combined = splits.combine()
        } else {
          if (split.idle) {
            splits.setActive(split)
            model.idle = false
            model.counts = model.ms >= reference.combinedMs
          }
          split.emitWatermark(step.ms)
          model.ms = Math.max(model.ms, step.ms)
          combined = splits.after(split)
        }
        expect(combined).toBe(reference.settle())
        const allIdle = [...reference.splits.values()].every(({ idle }) => idle)
        expect(splits.allIdle).toBe(allIdle)
      }
    }),
    { seed: 5, numRuns: 500 },
  )
})
