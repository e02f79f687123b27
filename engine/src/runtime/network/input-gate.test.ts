import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RecordBatch } from '../../core/record-batch.ts'
import {
  ACTIVE_STATUS,
  type CheckpointBarrier,
  END_OF_INPUT,
  IDLE_STATUS,
  MAX_WATERMARK_MS,
  type StreamElement,
  watermark,
} from '../../core/stream-element.ts'
import { LocalChannel } from './channel.ts'
import { InputGate, TURNS_GIVEN_MAX } from './input-gate.ts'

const BARRIER: CheckpointBarrier = {
  kind: 'barrier',
  checkpointId: 1,
  triggeredMs: 0,
  purpose: 'checkpoint',
}

/** A gate of channels without end of credit, and what a test needs to see of it. */
class ObservedGate {
  readonly channels: readonly LocalChannel[]
  readonly gate: InputGate

  /** @param inputs which input each channel feeds */
  constructor(inputs: readonly (0 | 1)[]) {
    this.channels = inputs.map(() => new LocalChannel(1_000_000))
    this.gate = new InputGate(
      inputs.map((inputIndex, i) => ({ channel: this.channels[i] as LocalChannel, inputIndex })),
    )
  }

  send(channel: number, ...elements: readonly StreamElement[]): void {
    const to = this.channels[channel] as LocalChannel
    for (const element of elements) {
      if (element.kind === 'records') to.sendBatch(element)
      else to.sendControl(element)
    }
  }

  /** The channels that the next elements come from; -1 where there is none. */
  picks(count: number): number[] {
    return Array.from({ length: count }, () => {
      return this.gate.poll() === undefined ? -1 : this.gate.lastChannel
    })
  }

  /** Sends each channel its watermark and takes them all. */
  place(...watermarksMs: readonly number[]): void {
    watermarksMs.forEach((timestampMs, channel) => {
      this.send(channel, watermark(timestampMs))
    })
    this.picks(watermarksMs.length)
  }
}

function records(...timestampsMs: readonly number[]): RecordBatch {
  const batch = new RecordBatch()
  for (const timestampMs of timestampsMs) batch.add('tea', timestampMs)
  return batch
}

function manyRecords(count: number, timestampMs: number): RecordBatch {
  const batch = new RecordBatch()
  for (let i = 0; i < count; i++) batch.add('tea', timestampMs)
  return batch
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

describe('an input gate (ARC-10, TIM-10)', () => {
  test('reads channels without watermarks in turn, whatever their timestamps', () => {
    const observed = new ObservedGate([0, 0, 0])
    for (const channel of [0, 1, 2]) {
      observed.send(channel, ...times(4, (i) => records(channel * 100 + i)))
    }
    expect(observed.picks(12)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2])
    expect(observed.picks(1)).toEqual([-1])
  })

  test('reads the channel that is farthest behind until it has caught up', () => {
    const observed = new ObservedGate([0, 0, 0])
    observed.place(50, 10, 30)
    for (const channel of [0, 1, 2]) {
      observed.send(channel, ...times(3, (i) => records(20 + 20 * i)))
    }
    // 1 goes to 20, then 40; 2 (at 30) goes to 30 again; 0 stands at 50.
    expect(observed.picks(4)).toEqual([1, 1, 2, 2])
    // 1 and 2 are at 40 and go to 60 each; then 0 is behind with 50.
    expect(observed.picks(3)).toEqual([1, 2, 0])
  })

  test('goes by the last record of a batch, and by the watermark if that is later', () => {
    const observed = new ObservedGate([0, 0])
    observed.place(10, 11)
    observed.send(0, records(90, 12), watermark(40), records(5), records(Number.NaN))
    observed.send(1, records(13), records(39), records(41), records(60))
    expect(observed.picks(3)).toEqual([0, 1, 0]) // at 12; at 13; watermark 40
    expect(observed.picks(2)).toEqual([1, 1]) // at 39, at 41
    expect(observed.picks(3)).toEqual([0, 0, 1]) // late, without timestamp: stays at 40
  })

  test('a watermark behind the records that came before it sets nothing back', () => {
    const observed = new ObservedGate([0, 0])
    observed.place(10, 20)
    observed.send(0, records(30), watermark(11))
    expect(observed.picks(2)).toEqual([0, 0])
    observed.send(0, records(31))
    observed.send(1, records(25))
    expect(observed.picks(2)).toEqual([1, 0])
  })

  test('takes turns among equals', () => {
    const observed = new ObservedGate([0, 0, 0])
    observed.place(10, 10, 10)
    for (const channel of [0, 1, 2]) observed.send(channel, ...times(3, () => records(10)))
    expect(observed.picks(9)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2])
  })

  test('reads what is ahead when nothing else is there', () => {
    const observed = new ObservedGate([0, 0])
    observed.place(10, 1_000)
    observed.send(1, ...times(5, (i) => records(1_000 + i)))
    expect(observed.picks(6)).toEqual([1, 1, 1, 1, 1, -1])
  })

  test('a channel that is ahead gives away seven turns, and reads in the eighth', () => {
    const observed = new ObservedGate([0, 0])
    observed.place(10, 1_000)
    observed.send(0, ...times(200, () => records(10)))
    observed.send(1, ...times(200, () => records(1_000)))
    const picks = observed.picks(10 * 2 * (TURNS_GIVEN_MAX + 1))
    expect(picks.filter((channel) => channel === 1)).toHaveLength(10)
  })

  test('channels side by side are always read in the order of their places', () => {
    const observed = new ObservedGate([0, 0])
    observed.place(10, 15)
    observed.send(0, ...times(100, (i) => records(20 + 10 * i)))
    observed.send(1, ...times(100, (i) => records(25 + 10 * i)))
    expect(observed.picks(200)).toEqual(times(200, (i) => i % 2))
  })

  test('gives a channel without watermarks each of its turns', () => {
    const observed = new ObservedGate([0, 0, 0])
    observed.send(0, watermark(10))
    observed.send(1, watermark(1_000))
    observed.picks(2)
    observed.send(0, ...times(100, () => records(10)))
    observed.send(1, ...times(100, () => records(1_000)))
    observed.send(2, ...times(100, () => records(1)))
    const picks = observed.picks(3 * (TURNS_GIVEN_MAX + 1))
    expect(picks.filter((channel) => channel === 2)).toHaveLength(TURNS_GIVEN_MAX + 1)
    expect(picks.filter((channel) => channel === 1)).toHaveLength(1)
  })

  test('of two inputs the one with fewer records goes ahead by a batch of the other', () => {
    const observed = new ObservedGate([0, 1])
    observed.place(0, 0)
    observed.send(0, ...times(8, (i) => records(50 + 100 * i)))
    observed.send(1, ...times(8, (i) => records(20 + 100 * i, 60 + 100 * i, 100 + 100 * i)))
    // From the second batch of the dense input on it stands where its next batch will end.
    expect(observed.picks(8)).toEqual([0, 1, 0, 0, 1, 0, 1, 0])
    expect(observed.picks(8)).toEqual([1, 0, 1, 0, 1, 0, 1, 1])
  })

  test('an input that used to have more records counts for less as others come', () => {
    const observed = new ObservedGate([0, 1])
    observed.place(0, 0)
    observed.send(0, manyRecords(2 ** 20, 0))
    observed.send(1, manyRecords(600_000, 100))
    observed.picks(2)
    // The second input is the denser one by now, and its channel stands a batch ahead, at 200.
    observed.send(0, records(150), records(160))
    observed.send(1, records(250))
    expect(observed.picks(3)).toEqual([0, 0, 1])
  })

  test.each([
    ['idle', IDLE_STATUS],
    ['at the end of event time', watermark(MAX_WATERMARK_MS)],
    ['at its end', END_OF_INPUT],
  ])('a channel that is %s is not behind', (_name, word) => {
    const observed = new ObservedGate([0, 0])
    observed.place(10, 20)
    observed.send(0, word)
    observed.picks(1)
    observed.send(0, ...times(20, () => records(1)))
    observed.send(1, ...times(20, () => records(2_000)))
    const picks = observed.picks(20)
    expect(picks.filter((channel) => channel === 0)).toHaveLength(10)
  })

  test('a channel that was idle has a place again with its next watermark', () => {
    const observed = new ObservedGate([0, 0])
    observed.place(10, 20)
    observed.send(0, IDLE_STATUS, ACTIVE_STATUS, watermark(12))
    observed.picks(3)
    observed.send(0, ...times(5, () => records(13)))
    observed.send(1, ...times(5, () => records(20)))
    expect(observed.picks(5)).toEqual([0, 0, 0, 0, 0])
  })

  test('reads the channel ahead for its barrier while those behind are blocked (CKP-03)', () => {
    const observed = new ObservedGate([0, 0])
    observed.place(10, 1_000)
    observed.send(0, BARRIER, ...times(50, () => records(10)))
    observed.send(1, ...times(50, () => records(1_000)), BARRIER)
    expect(observed.picks(1)).toEqual([0])
    observed.gate.block(0)
    expect(new Set(observed.picks(51))).toEqual(new Set([1]))
    expect(observed.picks(1)).toEqual([-1])
    observed.gate.unblockAll()
    expect(observed.picks(1)).toEqual([0])
  })
})

/** What the gate is meant to do, told from what was taken so far, without care for speed. */
class Reference {
  readonly waiting: StreamElement[][]
  readonly #placeMs: (number | undefined)[]
  readonly #watermarkMs: number[]
  readonly #movedAt: number[]
  readonly #spanMs: number[]
  readonly #turnsGiven: number[]
  readonly #inputs: readonly (0 | 1)[]
  readonly #recordsOf = [0, 0]
  readonly blocked = new Set<number>()
  #turns = 0
  #taken = 0

  constructor(inputs: readonly (0 | 1)[]) {
    const channelCount = inputs.length
    this.#inputs = inputs
    this.#spanMs = times(channelCount, () => 0)
    this.#turnsGiven = times(channelCount, () => 0)
    this.waiting = times(channelCount, () => [])
    this.#placeMs = times(channelCount, () => undefined)
    this.#watermarkMs = times(channelCount, () => Number.NEGATIVE_INFINITY)
    this.#movedAt = times(channelCount, () => 0)
  }

  isReadable(channel: number): boolean {
    return !this.blocked.has(channel) && this.waiting[channel]?.length !== 0
  }

  next(): { readonly channel: number; readonly element: StreamElement } | undefined {
    const count = this.waiting.length
    for (let step = 0; step < count; step++) {
      const turn = this.#turns++ % count
      const isOwn = this.#placeMs[turn] === undefined || this.#turnsGiven[turn] === TURNS_GIVEN_MAX
      if (isOwn) this.#turnsGiven[turn] = 0
      const channel = isOwn ? turn : this.#behind()
      if (channel === undefined || !this.isReadable(channel)) continue
      this.#turnsGiven[turn] = (this.#turnsGiven[turn] as number) + 1
      this.#turnsGiven[channel] = 0
      return this.#take(channel)
    }
    return undefined
  }

  #behind(): number | undefined {
    const placed = this.waiting.map((_, channel) => channel)
    const standsAtMs = (channel: number) =>
      (this.#placeMs[channel] ?? 0) + (this.#spanMs[channel] ?? 0)
    const rank = (channel: number) => [standsAtMs(channel), this.#movedAt[channel] ?? 0]
    return placed
      .filter((channel) => this.#placeMs[channel] !== undefined && this.isReadable(channel))
      .sort((left, right) => {
        const [leftMs = 0, leftAt = 0] = rank(left)
        const [rightMs = 0, rightAt = 0] = rank(right)
        return leftMs - rightMs || leftAt - rightAt
      })[0]
  }

  #take(channel: number): { readonly channel: number; readonly element: StreamElement } {
    const element = this.waiting[channel]?.shift() as StreamElement
    this.#movedAt[channel] = ++this.#taken
    if (element.kind === 'records') {
      const lastMs = element.timestamps[element.length - 1] as number
      const beforeMs = this.#watermarkMs[channel] as number
      const input = this.#inputs[channel] as 0 | 1
      this.#recordsOf[input]! += element.length
      const lastPlaceMs = this.#placeMs[channel]
      if (lastPlaceMs === undefined) return { channel, element }
      const placeMs = Number.isNaN(lastMs) ? beforeMs : Math.max(beforeMs, lastMs)
      const others = this.#recordsOf[1 - input] as number
      const isDenser = others > 0 && (this.#recordsOf[input] as number) > others
      this.#placeMs[channel] = placeMs
      this.#spanMs[channel] = isDenser ? Math.max(0, placeMs - lastPlaceMs) : 0
    } else if (element.kind === 'watermark') {
      const { timestampMs } = element
      this.#watermarkMs[channel] = timestampMs
      this.#placeMs[channel] = Math.max(timestampMs, this.#placeMs[channel] ?? timestampMs)
      if (timestampMs === MAX_WATERMARK_MS) this.#placeMs[channel] = undefined
    } else if (element.kind === 'end' || (element.kind === 'watermark-status' && element.idle)) {
      this.#placeMs[channel] = undefined
    }
    return { channel, element }
  }
}

type Step =
  | { readonly kind: 'poll'; readonly times: number }
  | { readonly kind: 'send'; readonly channel: number; readonly element: StreamElement }
  | { readonly kind: 'block'; readonly channel: number }
  | { readonly kind: 'unblock' }

const element: fc.Arbitrary<StreamElement> = fc.oneof(
  { weight: 20, arbitrary: fc.nat(40).map((timestampMs) => records(timestampMs)) },
  { weight: 5, arbitrary: fc.nat(40).map((lastMs) => records(1, 2, lastMs)) },
  { weight: 1, arbitrary: fc.constant(records(Number.NaN)) },
  { weight: 10, arbitrary: fc.nat(40).map((timestampMs) => watermark(timestampMs)) },
  { weight: 1, arbitrary: fc.constantFrom(IDLE_STATUS, ACTIVE_STATUS, BARRIER, END_OF_INPUT) },
  { weight: 1, arbitrary: fc.constant(watermark(MAX_WATERMARK_MS)) },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('send' as const), channel: fc.nat(5), element }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('poll' as const),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('block' as const), channel: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'unblock' as const }) },
)

const inputs: fc.Arbitrary<(0 | 1)[]> = fc.array(fc.constantFrom(0 as const, 1 as const), {
  minLength: 1,
  maxLength: 6,
})

describe('whatever comes, is blocked and is read, an input gate', () => {
  test('reads what the reference reads, and nothing is left while it could be read', () => {
    const run = fc.tuple(inputs, fc.array(step, { maxLength: 150, size: 'max' }))
    fc.assert(
      fc.property(run, ([inputs, steps]) => {
        const channelCount = inputs.length
        const observed = new ObservedGate(inputs)
        const reference = new Reference(inputs)
        const poll = () => {
          const expected = reference.next()
          expect(observed.gate.poll()).toBe(expected?.element)
          if (expected !== undefined) expect(observed.gate.lastChannel).toBe(expected.channel)
          else expect(reference.waiting.some((_, i) => reference.isReadable(i))).toBe(false)
        }
        for (const step of steps) {
          if (step.kind === 'poll') times(step.times, poll)
          else if (step.kind === 'unblock') {
            observed.gate.unblockAll()
            reference.blocked.clear()
          } else if (step.channel >= channelCount) continue
          else if (step.kind === 'block') {
            observed.gate.block(step.channel)
            reference.blocked.add(step.channel)
          } else {
            observed.send(step.channel, step.element)
            reference.waiting[step.channel]?.push(step.element)
          }
        }
      }),
      { seed: 11, numRuns: 250 },
    )
  })

  test('makes no channel wait for longer than the turns it gives away', () => {
    const run = fc.tuple(
      inputs,
      fc.array(fc.tuple(fc.nat(5), element), { maxLength: 300, size: 'max' }),
    )
    fc.assert(
      fc.property(run, ([inputs, elements]) => {
        const channelCount = inputs.length
        const observed = new ObservedGate(inputs)
        for (const [channel, element] of elements) {
          if (channel < channelCount) observed.send(channel, element)
        }
        const waits = times(channelCount, () => 0)
        while (observed.gate.poll() !== undefined) {
          observed.channels.forEach(({ queued }, channel) => {
            const isWaiting = queued > 0 && channel !== observed.gate.lastChannel
            waits[channel] = isWaiting ? (waits[channel] as number) + 1 : 0
            expect(waits[channel]).toBeLessThan((TURNS_GIVEN_MAX + 1) * channelCount)
          })
        }
        expect(observed.channels.every(({ queued }) => queued === 0)).toBe(true)
      }),
      { seed: 12, numRuns: 100 },
    )
  })
})
