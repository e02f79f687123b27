import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CoordinatorCommand,
  type CoordinatorEvent,
  type CoordinatorOptions,
  type CoordinatorState,
  decideCheckpoint,
  initialCoordinatorState,
} from './checkpoint-coordinator.ts'

const options: CoordinatorOptions = {
  intervalMs: 100,
  timeoutMs: 50,
  minPauseMs: 0,
  tolerableFailures: 0,
}
const tasks = new Set(['a/0', 'b/0'])

/** Feeds events, collects commands. */
class Driver {
  state: CoordinatorState = initialCoordinatorState(1)
  readonly #options: CoordinatorOptions

  constructor(change: Partial<CoordinatorOptions> = {}) {
    this.#options = { ...options, ...change }
  }

  send(event: CoordinatorEvent): readonly CoordinatorCommand[] {
    const decision = decideCheckpoint(this.state, event, this.#options)
    this.state = decision.state
    return decision.commands
  }

  acknowledgeAll(checkpointId: number): readonly CoordinatorCommand[] {
    return [...tasks].flatMap((task) => this.send({ kind: 'acknowledged', checkpointId, task }))
  }

  /** A checkpoint from trigger to completion. */
  complete(checkpointId: number, nowMs: number): readonly CoordinatorCommand[] {
    this.acknowledgeAll(checkpointId)
    return this.send({ kind: 'stored', checkpointId, nowMs })
  }
}

function kinds(commands: readonly CoordinatorCommand[]): readonly string[] {
  return commands.map(({ kind }) => kind)
}

describe('periodic checkpoints', () => {
  test('are triggered after the interval, stored when all acknowledged, then announced (CKP-02)', () => {
    const driver = new Driver()
    expect(driver.send({ kind: 'started', tasks, nowMs: 0 })).toEqual([
      { kind: 'wake-at', atMs: 100 },
    ])
    expect(kinds(driver.send({ kind: 'tick', nowMs: 99 }))).toEqual(['wake-at'])
    expect(kinds(driver.send({ kind: 'tick', nowMs: 100 }))).toEqual(['trigger', 'wake-at'])
    expect(driver.send({ kind: 'acknowledged', checkpointId: 1, task: 'a/0' })).toEqual([])
    expect(driver.send({ kind: 'acknowledged', checkpointId: 1, task: 'b/0' })).toEqual([
      { kind: 'store', checkpointId: 1 },
    ])
    expect(kinds(driver.send({ kind: 'stored', checkpointId: 1, nowMs: 120 }))).toEqual([
      'complete',
      'wake-at',
    ])
  })

  test('are off without an interval', () => {
    const driver = new Driver({ intervalMs: undefined })
    expect(driver.send({ kind: 'started', tasks, nowMs: 0 })).toEqual([])
    expect(driver.send({ kind: 'tick', nowMs: 1e9 })).toEqual([])
  })

  test('keep the minimum pause after the end of the one before (CKP-09)', () => {
    const driver = new Driver({ minPauseMs: 80, timeoutMs: 1_000 })
    driver.send({ kind: 'started', tasks, nowMs: 0 })
    driver.send({ kind: 'tick', nowMs: 100 })
    expect(driver.complete(1, 190)).toContainEqual({ kind: 'wake-at', atMs: 270 })
    expect(kinds(driver.send({ kind: 'tick', nowMs: 269 }))).toEqual(['wake-at'])
    expect(kinds(driver.send({ kind: 'tick', nowMs: 270 }))).toContain('trigger')
  })
})

describe('failures', () => {
  test('a checkpoint that takes too long is given up, naming who is missing (CKP-08)', () => {
    const driver = new Driver({ tolerableFailures: 1 })
    driver.send({ kind: 'started', tasks, nowMs: 0 })
    driver.send({ kind: 'tick', nowMs: 100 })
    driver.send({ kind: 'acknowledged', checkpointId: 1, task: 'a/0' })
    expect(driver.send({ kind: 'tick', nowMs: 150 })[0]).toEqual({
      kind: 'abort',
      checkpointId: 1,
      expired: true,
      reason: 'not complete after 50 ms; 1 tasks have not acknowledged: b/0',
    })
    expect(driver.send({ kind: 'acknowledged', checkpointId: 1, task: 'b/0' })).toEqual([])
  })

  test('the job fails when more fail in a row than are tolerated (CKP-11)', () => {
    const driver = new Driver({ tolerableFailures: 1 })
    driver.send({ kind: 'started', tasks, nowMs: 0 })
    const decline = (checkpointId: number, nowMs: number): readonly string[] => {
      driver.send({ kind: 'tick', nowMs })
      return kinds(driver.send({ kind: 'declined', checkpointId, reason: 'disk full', nowMs }))
    }
    expect(decline(1, 100)).not.toContain('fail-job')
    driver.send({ kind: 'tick', nowMs: 200 })
    driver.complete(2, 210)
    expect(decline(3, 300)).not.toContain('fail-job')
    expect(decline(4, 400)).toContain('fail-job')
  })
})

describe('the end of a bounded job (CKP-16)', () => {
  test('takes a last checkpoint as soon as all tasks have ended, then finishes', () => {
    const driver = new Driver({ intervalMs: undefined })
    driver.send({ kind: 'started', tasks, nowMs: 0 })
    expect(driver.send({ kind: 'task-ended', task: 'a/0', nowMs: 5 })).toEqual([])
    expect(kinds(driver.send({ kind: 'task-ended', task: 'b/0', nowMs: 6 }))).toContain('trigger')
    expect(kinds(driver.complete(1, 7))).toEqual(['complete', 'finish-job'])
    expect(driver.send({ kind: 'tick', nowMs: 1e6 })).toEqual([])
  })

  test('a checkpoint in progress is not the last one: another follows it', () => {
    const driver = new Driver()
    driver.send({ kind: 'started', tasks, nowMs: 0 })
    driver.send({ kind: 'tick', nowMs: 100 })
    driver.send({ kind: 'task-ended', task: 'a/0', nowMs: 101 })
    driver.send({ kind: 'task-ended', task: 'b/0', nowMs: 102 })
    const commands = driver.complete(1, 110)
    expect(kinds(commands)).toEqual(['complete', 'trigger', 'wake-at'])
    expect(kinds(driver.complete(2, 120))).toEqual(['complete', 'finish-job'])
  })
})

test('property: complete only after every task of that checkpoint acknowledged; ids grow', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('tick' as const), nowMs: fc.nat(2_000) }),
    fc.record({
      kind: fc.constant('acknowledged' as const),
      checkpointId: fc.integer({ min: 1, max: 6 }),
      task: fc.constantFrom('a/0', 'b/0', 'x/9'),
    }),
    fc.record({
      kind: fc.constant('declined' as const),
      checkpointId: fc.integer({ min: 1, max: 6 }),
      reason: fc.constant('no'),
      nowMs: fc.nat(2_000),
    }),
    fc.record({
      kind: fc.constant('stored' as const),
      checkpointId: fc.integer({ min: 1, max: 6 }),
      nowMs: fc.nat(2_000),
    }),
    fc.record({
      kind: fc.constant('task-ended' as const),
      task: fc.constantFrom('a/0', 'b/0'),
      nowMs: fc.nat(2_000),
    }),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const driver = new Driver({ tolerableFailures: 100 })
      driver.send({ kind: 'started', tasks, nowMs: 0 })
      const acknowledged = new Map<number, Set<string>>()
      const stored = new Set<number>()
      let triggered = 0
      for (const next of events) {
        // The storage answers only what it was asked.
        if (next.kind === 'stored' && !stored.has(next.checkpointId)) continue
        const pending = driver.state.pending?.checkpointId
        if (next.kind === 'acknowledged' && next.checkpointId === pending && tasks.has(next.task)) {
          const set = acknowledged.get(next.checkpointId) ?? new Set()
          acknowledged.set(next.checkpointId, set.add(next.task))
        }
        for (const command of driver.send(next)) {
          if (command.kind === 'trigger') {
            expect(command.checkpoint.checkpointId).toBeGreaterThan(triggered)
            triggered = command.checkpoint.checkpointId
          }
          if (command.kind === 'store') stored.add(command.checkpointId)
          if (command.kind === 'store' || command.kind === 'complete') {
            expect(acknowledged.get(command.checkpointId)).toEqual(tasks)
          }
        }
      }
    }),
    { seed: 3, numRuns: 1_000 },
  )
})
