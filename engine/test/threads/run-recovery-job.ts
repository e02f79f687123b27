/// <reference types="node" />
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  collectSink,
  getExecutionEnvironment,
  type JobClient,
  type StreamExecutionEnvironment,
} from '../../src/index.ts'
import type { CheckpointStorage, Sink } from '../../src/spi.ts'
import type { Fault } from './programs/faults.ts'
import { INPUT, OUTPUT } from './programs/files.ts'
import { PAUSE_AT } from './programs/paused-readings.ts'
import { buildJob, GROUPS, type JobChoice } from './programs/recovery.ts'

const PROGRAM = new URL('./programs/recovery.ts', import.meta.url).href

/** One way to run a job from its start to its end or failure. */
export interface RecoveryRun {
  readonly group: string
  readonly program?: string | undefined
  readonly target: 'in-process' | 'threads'
  readonly parallelism: number
  readonly fault?: Fault | undefined
  /** The checkpoint that cannot be written. */
  readonly failedCheckpoint?: number
  /** The checkpoint after which the job is cancelled. */
  readonly cancelAfterCheckpoint?: number
  readonly settings?: Readonly<Record<string, unknown>>
}

/** How a job ended. */
export interface RecoveryEnd {
  readonly client: JobClient
  readonly restarts: number
  /** Why it failed or was cancelled; undefined if it finished. */
  readonly error: Error | undefined
}

/** A job with its folder and its results; it may be run several times, each from the last. */
export class RecoveryJob {
  readonly #folder: string
  readonly #seen: string[] = []
  readonly #sink: Sink<string, unknown>
  #onResult: () => void = () => {}

  private constructor(folder: string) {
    this.#folder = folder
    const add = (result: string): void => {
      this.#seen.push(result)
      this.#onResult()
    }
    // One sink for all runs: it knows by their ids which records a former run has committed.
    this.#sink = collectSink<string>({ add }) as Sink<string, unknown>
  }

  /** Gives a job a folder of its own for as long as `run` takes. */
  static async with<T>(run: (job: RecoveryJob) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-recovery-'))
    try {
      await mkdir(join(folder, INPUT))
      for (const file of ['a', 'b', 'c', 'd', 'e']) {
        const lines = Array.from({ length: PAUSE_AT / 10 }, (_, line) => `${file} ${line}\n`)
        await writeFile(join(folder, INPUT, file), lines.join(''))
      }
      return await run(new RecoveryJob(folder))
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  }

  async run(run: RecoveryRun): Promise<RecoveryEnd> {
    const { group, program, parallelism, fault, cancelAfterCheckpoint } = run
    const resultCount = GROUPS[group]?.resultCount
    const holds = resultCount !== undefined || cancelAfterCheckpoint !== undefined
    const choice = { group, program, parallelism, fault, holds, folder: this.#folder }
    const whenCompleted = Promise.withResolvers<void>()
    const env = this.#environment(run, choice, (checkpointId) => {
      if (checkpointId === cancelAfterCheckpoint) whenCompleted.resolve()
    })
    buildJob(env, choice, this.#sink)
    const client = await env.executeAsync(group)
    const end = client.result().then(
      ({ restarts }) => ({ client, restarts, error: undefined }),
      (error: Error) => ({ client, restarts: restartsOf(client), error }),
    )
    if (cancelAfterCheckpoint !== undefined) void whenCompleted.promise.then(() => client.cancel())
    else if (resultCount !== undefined) {
      void this.#sawResults(resultCount, end).then(() => client.cancel())
    }
    return end
  }

  /** All results so far, files included, in no order. */
  async results(): Promise<readonly string[]> {
    return [...this.#seen, ...(await linesIn(join(this.#folder, OUTPUT)))].sort()
  }

  /** Resolves when so many results are there, or the job has ended. */
  #sawResults(count: number, end: Promise<unknown>): Promise<unknown> {
    const all = new Promise<void>((resolve) => {
      this.#onResult = () => {
        if (this.#seen.length >= count) resolve()
      }
      this.#onResult()
    })
    return Promise.race([all, end])
  }

  #environment(
    { target, parallelism, failedCheckpoint, settings }: RecoveryRun,
    choice: JobChoice,
    completed: (checkpointId: number) => void,
  ): StreamExecutionEnvironment {
    return getExecutionEnvironment({
      code: {
        'execution.target': target,
        'parallelism.default': parallelism,
        'execution.checkpointing.interval': 2,
        'execution.checkpointing.dir': join(this.#folder, 'checkpoints'),
        'execution.state-recovery.path': 'latest',
        'taskmanager.thread.heap-mebibytes': 128,
        'restart-strategy.type': 'fixed-delay',
        'restart-strategy.fixed-delay.attempts': 10,
        'restart-strategy.fixed-delay.delay': 1,
        ...settings,
      },
      warn: () => {},
      program: { module: PROGRAM, arguments: [JSON.stringify(choice)] },
      seams: {
        wrapCheckpointStorage: (storage) => watched(storage, failedCheckpoint, completed),
      },
    })
  }
}

/** A storage that cannot write one checkpoint, and tells of those that are complete. */
function watched(
  storage: CheckpointStorage,
  failedCheckpoint: number | undefined,
  completed: (checkpointId: number) => void,
): CheckpointStorage {
  const complete: CheckpointStorage['complete'] = async (checkpointId, metadata) => {
    const path = await storage.complete(checkpointId, metadata)
    completed(checkpointId)
    return path
  }
  const writeSubtaskState: CheckpointStorage['writeSubtaskState'] = async (
    checkpointId,
    ...rest
  ) => {
    if (checkpointId === failedCheckpoint) throw new Error(`checkpoint ${checkpointId} is refused`)
    return storage.writeSubtaskState(checkpointId, ...rest)
  }
  return new Proxy(storage, {
    get: (_, name) => {
      if (name === 'complete') return complete
      if (name === 'writeSubtaskState') return writeSubtaskState
      const member = Reflect.get(storage, name, storage)
      return typeof member === 'function' ? member.bind(storage) : member
    },
  })
}

function restartsOf(client: JobClient): number {
  return client.stateHistory().filter(({ state }) => state === 'RESTARTING').length
}

/** The lines of all files that the sink has made visible. */
async function linesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const visible = entries.filter((entry) => entry.isFile() && !/^[._]/.test(entry.name))
  const texts = await Promise.all(
    visible.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  )
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== ''))
}
