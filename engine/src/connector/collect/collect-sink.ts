import type { Sink } from '../../operator/sink/sink.ts'

/** Where a {@link collectSink} puts records: an array behind an `add`, or a result iterator. */
export interface CollectTarget<T> {
  add(value: T): void
}

/** The records of one subtask between two barriers. */
export interface CollectedRecords<T> {
  /** Which committable it is: subtask, execution attempt, checkpoint id. */
  readonly id: string
  readonly records: readonly T[]
}

/**
 * Brings records into the program that started the job; what `executeAndCollect` is made of.
 *
 * Exactly-once as long as the target lives: records are committables, so they show up when the
 * checkpoint they belong to is complete (or at the end of a bounded job), and a batch that is
 * committed again after a restart is told by its id. The records of one checkpoint interval are
 * held in memory and become part of the checkpoint: meant for small results.
 *
 * ```ts
 * const seen: string[] = []
 * env.fromElements('a', 'b').sinkTo(collectSink({ add: (word) => void seen.push(word) }))
 * await env.execute()
 * seen // => ['a', 'b']
 * ```
 */
export function collectSink<T>(target: CollectTarget<T>): Sink<T, CollectedRecords<T>> {
  // Lives as long as the target: both are made by the program, not by a subtask.
  const committedIds = new Set<string>()
  return {
    name: 'Collect Sink',
    place: 'client',
    createWriter: ({ task }) => {
      let records: T[] = []
      return {
        write: (value) => {
          records.push(value)
        },
        prepareCommit: (checkpointId) => {
          if (records.length === 0) return []
          const id = `${task.jobId}/${task.subtaskIndex}/${task.attempt}/${checkpointId}`
          const batch = { id, records }
          records = []
          return [batch]
        },
        snapshotState: () => [],
        endInput: () => {},
        close: () => {},
      }
    },
    createCommitter: () => ({
      commit: async (committables) => {
        for (const { id, records } of committables) {
          if (committedIds.has(id)) continue
          committedIds.add(id)
          for (const record of records) target.add(record)
        }
      },
      close: () => {},
    }),
  }
}
