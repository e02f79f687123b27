import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RecordBatch } from '../../core/record-batch.ts'
import { type CheckpointBarrier, type StreamElement, watermark } from '../../core/stream-element.ts'
import { AlignedBarrierHandler } from '../task/barrier-handler.ts'
import { LocalChannel } from './channel.ts'
import { InputGate } from './input-gate.ts'

/** What flows: a record of the time it names, a watermark, a barrier. */
type Word = 'record' | 'watermark' | 'barrier'

interface Plan {
  readonly words: readonly Word[]
  /** How far event time is behind on each of the two ways. */
  readonly lagsMs: readonly [number, number]
  /** Which task runs next, over and over. */
  readonly schedule: readonly number[]
}

/**
 * A source, two ways with places for one batch each, and two tasks that read from both ways and
 * align barriers. Whoever sends a batch needs room in all channels that it could go to, as tasks
 * do.
 */
class Diamond {
  readonly received: [number[], number[]] = [[], []]
  readonly snapshots: [number[], number[]] = [[], []]
  readonly #plan: Plan
  readonly #toWays = [new LocalChannel(1), new LocalChannel(1)] as const
  /** By way, then by joining task. */
  readonly #toJoins = [0, 1].map(() => [new LocalChannel(1), new LocalChannel(1)])
  readonly #gates = [0, 1].map((join) => {
    const channels = this.#toJoins.map((way) => way[join] as LocalChannel)
    return new InputGate(channels.map((channel) => ({ channel, inputIndex: 0 })))
  })
  readonly #barriers = [new AlignedBarrierHandler(2), new AlignedBarrierHandler(2)]
  #sent = 0

  constructor(plan: Plan) {
    this.#plan = plan
  }

  /** Lets the tasks run until none can. */
  run(): void {
    const { schedule } = this.#plan
    for (let turn = 0; turn < 5 * schedule.length; turn++) {
      this.#step(schedule[turn % schedule.length] as number)
    }
    while ([0, 1, 2, 3, 4].some((task) => this.#step(task)));
  }

  /** One element of one task. @returns false if it has none, or no room to send it */
  #step(task: number): boolean {
    if (task === 0) return this.#stepSource()
    return task < 3 ? this.#stepWay(task - 1) : this.#stepJoin(task - 3)
  }

  #stepSource(): boolean {
    const word = this.#plan.words[this.#sent]
    if (word === undefined || this.#toWays.some(({ hasCredit }) => !hasCredit)) return false
    const number = ++this.#sent
    for (const [way, channel] of this.#toWays.entries()) {
      const atMs = number * 10 - (this.#plan.lagsMs[way] as number)
      if (word === 'record') channel.sendBatch(recordOf(number, atMs))
      else channel.sendControl(word === 'barrier' ? barrierOf(number) : watermark(atMs))
    }
    return true
  }

  #stepWay(way: number): boolean {
    const targets = this.#toJoins[way] as readonly LocalChannel[]
    if (targets.some(({ hasCredit }) => !hasCredit)) return false
    const element = this.#toWays[way]?.poll()
    if (element === undefined) return false
    if (element.kind === 'records') {
      targets[Math.floor((element.values[0] as number) / 2) % 2]?.sendBatch(element)
    } else {
      for (const target of targets) target.sendControl(element)
    }
    return true
  }

  #stepJoin(join: number): boolean {
    const gate = this.#gates[join] as InputGate
    const element = gate.poll()
    if (element === undefined) return false
    if (element.kind === 'records') this.received[join]?.push(element.values[0] as number)
    if (element.kind === 'barrier') this.#align(join, gate, element)
    return true
  }

  #align(join: number, gate: InputGate, barrier: CheckpointBarrier): void {
    const decision = this.#barriers[join]?.onBarrier(gate.lastChannel, barrier, 0)
    if (decision?.kind === 'block') gate.block(gate.lastChannel)
    if (decision?.kind !== 'snapshot') return
    this.snapshots[join]?.push(barrier.checkpointId)
    gate.unblockAll()
  }
}

function recordOf(number: number, timestampMs: number): RecordBatch {
  const batch = new RecordBatch(1)
  batch.add(number, timestampMs)
  return batch
}

function barrierOf(checkpointId: number): StreamElement & CheckpointBarrier {
  return { kind: 'barrier', checkpointId, triggeredMs: 0, purpose: 'checkpoint' }
}

const plan: fc.Arbitrary<Plan> = fc.record({
  words: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('record' as const) },
      { weight: 3, arbitrary: fc.constant('watermark' as const) },
      { weight: 1, arbitrary: fc.constant('barrier' as const) },
    ),
    { maxLength: 120, size: 'max' },
  ),
  lagsMs: fc.tuple(fc.nat(500), fc.nat(500)),
  schedule: fc.array(fc.nat(4), { minLength: 1, maxLength: 60, size: 'max' }),
})

describe('a diamond of full channels (ARC-10, CKP-03)', () => {
  test('passes everything on and aligns every barrier, however far apart its ways are', () => {
    fc.assert(
      fc.property(plan, (plan) => {
        const diamond = new Diamond(plan)
        diamond.run()
        const numbers = (word: Word) =>
          plan.words.flatMap((other, index) => (other === word ? [index + 1] : []))
        const twice = numbers('record').flatMap((number) => [number, number])
        const received = diamond.received.flat().sort((left, right) => left - right)
        expect(received).toEqual(twice)
        expect(diamond.snapshots).toEqual([numbers('barrier'), numbers('barrier')])
      }),
      { seed: 5, numRuns: 300 },
    )
  })
})
