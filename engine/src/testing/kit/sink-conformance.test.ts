import { describe, expect, test } from 'vitest'
import type { Sink } from '../../operator/sink/sink.ts'
import { FakeTransactionLog, transactionalSink } from '../index.ts'
import { sinkConformance } from './sink-conformance.ts'

/** A target that knows prepared batches and shows published ones. */
class Shelf {
  readonly prepared = new Map<string, readonly string[]>()
  readonly published = new Map<string, readonly string[]>()
  readonly visible: string[] = []
}

interface Batch {
  readonly id: string
}

/** What is wrong with the planted sink. */
type Fault =
  | 'none'
  | 'publishes twice when committed twice'
  | 'shows records when they are written'
  | 'shows records at the barrier'
  | 'takes an unknown batch for committed'
  | 'forgets the records of every second barrier'
  | 'commits only the first of several'
  | 'names batches by checkpoint id alone'
  | 'drops the last batch at the end of input'
  | 'never settles a commit'
  | 'close publishes'
  | 'second close throws'
  | 'undoes at restore what was committed'
  | 'fails a commit that was done already'
  | 'keeps a function in its committable'

let nextToken = 0

function plantedSink(shelf: Shelf, fault: Fault): Sink<string, Batch, { readonly n: number }> {
  return {
    name: 'planted',
    createWriter: ({ task, restoredCheckpointId }) => {
      let records: string[] = []
      let ended = false
      let barriers = 0
      let closes = 0
      const token = nextToken++
      if (fault === 'undoes at restore what was committed' && restoredCheckpointId)
        shelf.visible.pop()
      return {
        write: (value) => {
          if (fault === 'shows records when they are written') shelf.visible.push(value)
          else records.push(value)
        },
        prepareCommit: (checkpointId) => {
          barriers++
          const batch = records
          records = []
          if (batch.length === 0) return []
          if (fault === 'forgets the records of every second barrier' && barriers % 2 === 0)
            return []
          if (fault === 'drops the last batch at the end of input' && ended) return []
          if (fault === 'shows records at the barrier') {
            shelf.visible.push(...batch)
            return []
          }
          const id =
            fault === 'names batches by checkpoint id alone'
              ? `${checkpointId}`
              : `${task.subtaskIndex}-${checkpointId}-${token}`
          shelf.prepared.set(id, batch)
          const unstorable = { id, done: () => {} }
          return fault === 'keeps a function in its committable' ? [unstorable] : [{ id }]
        },
        snapshotState: () => [{ n: barriers }],
        endInput: () => {
          ended = true
        },
        close: () => {
          if (fault === 'close publishes') shelf.visible.push(...records)
          if (++closes > 1 && fault === 'second close throws') throw new Error('closed already')
        },
      }
    },
    createCommitter: () => ({
      commit: async (batches) => {
        if (fault === 'never settles a commit') await new Promise(() => {})
        for (const { id } of batches) {
          const records = shelf.prepared.get(id)
          if (records === undefined) {
            if (fault === 'takes an unknown batch for committed') continue
            throw new Error(`no batch ${id}`)
          }
          const isPublished = shelf.published.has(id)
          if (isPublished && fault === 'fails a commit that was done already') {
            throw new Error(`${id} was committed before`)
          }
          if (!isPublished || fault === 'publishes twice when committed twice') {
            shelf.visible.push(...records)
          }
          shelf.published.set(id, records)
          if (fault === 'commits only the first of several') return
        }
      },
      close: () => {},
    }),
  }
}

const records = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

async function verdicts(fault: Fault): Promise<readonly string[]> {
  const cases = sinkConformance({
    makeTarget: () => new Shelf(),
    makeSink: (shelf) => plantedSink(shelf, fault),
    readCommitted: (shelf) => shelf.visible,
    records,
    lose: ({ id }) => ({ id: `${id} gone` }),
  })
  const failed: string[] = []
  for (const { name, run } of cases) {
    await run().catch((error: Error) => failed.push(`${name}: ${error.message}`))
  }
  return failed
}

const faults: readonly [Fault, RegExp][] = [
  ['publishes twice when committed twice', /committed twice: .*DUPLICATED/],
  ['shows records when they are written', /before the first barrier.*UNEXPECTED/],
  ['shows records at the barrier', /between barrier and commit.*UNEXPECTED/],
  ['takes an unknown batch for committed', /data is gone has succeeded/],
  ['forgets the records of every second barrier', /LOST/],
  ['commits only the first of several', /LOST/],
  ['names batches by checkpoint id alone', /LOST/],
  ['drops the last batch at the end of input', /at the end.*LOST/],
  ['never settles a commit', /never settles/],
  ['close publishes', /UNEXPECTED|DUPLICATED/],
  ['second close throws', /closed already/],
  ['undoes at restore what was committed', /LOST/],
  ['fails a commit that was done already', /was committed before/],
  ['keeps a function in its committable', /function|serial/i],
]

describe('the kit finds what is wrong with a sink', () => {
  test('a right one passes', async () => {
    expect(await verdicts('none')).toEqual([])
  })

  test.each(faults)('%s', async (fault, message) => {
    expect((await verdicts(fault)).join('\n')).toMatch(message)
  })

  test('too few records are refused', () => {
    expect(() =>
      sinkConformance({
        makeTarget: () => new Shelf(),
        makeSink: (shelf) => plantedSink(shelf, 'none'),
        readCommitted: (shelf) => shelf.visible,
        records: ['a'],
      }),
    ).toThrow('give 6 or more')
  })
})

describe('the transactional sink passes', () => {
  const cases = sinkConformance({
    makeTarget: () => new FakeTransactionLog<string>(),
    makeSink: (log) => transactionalSink(log),
    readCommitted: (log) => log.committed,
    records,
    lose: ({ transactionId }) => ({ transactionId: `${transactionId} expired` }),
  })
  for (const { name, run } of cases) test(name, run)
})
