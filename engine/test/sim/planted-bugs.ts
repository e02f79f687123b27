import type { EngineSeams } from '../../src/cluster/local/engine-seams.ts'
import type { Env } from '../../src/env/env.ts'
import type { Sink } from '../../src/operator/sink/sink.ts'
import type { BarrierDecision, BarrierHandler } from '../../src/runtime/task/barrier-handler.ts'
import type { CheckpointStorage } from '../../src/state/checkpoint/checkpoint-storage.ts'
import type { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import type { TransactionCommittable } from '../../src/testing/transactional-sink.ts'
import { CHECKPOINT_FOLDER } from './crash-folders.ts'

type LogSink = Sink<string, unknown, unknown>

/** A mistake put into the engine from outside. If the simulation passes it, it proves nothing. */
export interface PlantedBug {
  readonly seams?: EngineSeams
  wrapEnv?(env: Env): Env
  wrapLogSink?(log: FakeTransactionLog<string>): (sink: LogSink) => LogSink
}

/** The snapshot is drawn at the first barrier: records of slower channels get into it early. */
const noAlignment: PlantedBug = {
  seams: {
    createBarrierHandler: (): BarrierHandler => {
      let lastId = 0
      return {
        onBarrier(_channel, barrier, nowMs): BarrierDecision {
          if (barrier.checkpointId <= lastId) return { kind: 'ignore' }
          lastId = barrier.checkpointId
          return { kind: 'snapshot', barrier, startedMs: nowMs }
        },
        onAborted: () => ({ kind: 'ignore' }),
      }
    },
  },
}

/** The sink commits at the barrier: what a failed checkpoint held becomes visible twice. */
const earlyCommit: PlantedBug = {
  wrapLogSink: (log) => (sink) => ({
    ...sink,
    createWriter(context, restored) {
      const writer = sink.createWriter(context, restored)
      return {
        write: (value, timestampMs) => writer.write(value, timestampMs),
        prepareCommit(checkpointId) {
          const committables = writer.prepareCommit(checkpointId)
          for (const committable of committables) {
            log.commit((committable as TransactionCommittable).transactionId)
          }
          return committables
        },
        snapshotState: (checkpointId) => writer.snapshotState(checkpointId),
        endInput: () => writer.endInput(),
        close: () => writer.close(),
      }
    },
  }),
}

/** Names of checkpoint files are never made durable: a complete checkpoint may be gone again. */
const noDirectorySync: PlantedBug = {
  wrapEnv(env) {
    const { fileSystem } = env
    const careless = new Proxy(fileSystem, {
      get(target, name) {
        if (name === 'syncDirectory') {
          return (path: string) =>
            path.startsWith(`${CHECKPOINT_FOLDER}/`) && /\/chk-\d+$/.test(path)
              ? Promise.resolve()
              : target.syncDirectory(path)
        }
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    return { ...env, fileSystem: careless }
  },
}

/** A restored task does not read what the second subtask of its operator has written. */
const ignoredSubtask: PlantedBug = {
  seams: {
    wrapCheckpointStorage: (storage) =>
      new Proxy(storage, {
        get(target, name) {
          const readSections: CheckpointStorage['readSections'] = (handle, filter) =>
            handle.path.endsWith('-1.state')
              ? Promise.resolve([])
              : target.readSections(handle, filter)
          if (name === 'readSections') return readSections
          const value: unknown = Reflect.get(target, name, target)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
  },
}

/** The planted bugs by name. */
export const PLANTED_BUGS: Readonly<Record<string, PlantedBug>> = {
  'no-alignment': noAlignment,
  'commit-before-complete': earlyCommit,
  'metadata-without-directory-sync': noDirectorySync,
  'restore-ignoring-one-channel': ignoredSubtask,
}
