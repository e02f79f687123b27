import { beforeEach, describe, expect, test } from 'vitest'
import { StreamExecutionEnvironment } from '../../../api/datastream/stream-execution-environment.ts'
import { EngineError, ErrorCode } from '../../../base/engine-error.ts'
import { nodeTextBytes } from '../../../env/node/node-text-bytes.ts'
import type { Thread, ThreadHost } from '../../../env/threads.ts'
import type { JobConfiguration } from '../../../plan/job-configuration.ts'
import type { JobGraph } from '../../../plan/job-graph.ts'
import type { ExecutionId, JobMasterGateway } from '../../../runtime/rpc/gateways.ts'
import type { StateHandle } from '../../../state/checkpoint/checkpoint-metadata.ts'
import { MemoryCheckpointStorage } from '../../../state/checkpoint/memory-checkpoint-storage.ts'
import { TestEnv } from '../../../testing/test-env.ts'
import { builtInConnectors } from '../connectors.ts'
import type { FromThread, ThreadStart, ToThread } from './thread-messages.ts'
import { ThreadTaskManagers } from './thread-task-managers.ts'

/** A thread as the main thread sees it; the test says what it sends and when it ends. */
class FakeThread implements Thread {
  readonly start: ThreadStart
  readonly received: ToThread[] = []
  isTerminated = false
  #take: (message: unknown) => void = () => {}
  #ended: (error: unknown) => void = () => {}

  constructor(start: ThreadStart) {
    this.start = start
  }

  post(message: unknown): void {
    this.received.push(message as ToThread)
  }

  onMessage(take: (message: unknown) => void): void {
    this.#take = take
  }

  onExit(ended: (error: unknown) => void): void {
    this.#ended = ended
  }

  async terminate(): Promise<void> {
    this.isTerminated = true
    this.end(undefined)
  }

  send(message: FromThread): void {
    this.#take(message)
  }

  end(error: unknown): void {
    this.#ended(error)
  }

  get kinds(): readonly string[] {
    return this.received.map(({ kind }) => kind)
  }
}

/** A job of one task, captured when it is submitted. */
async function oneTaskJob(): Promise<{ graph: JobGraph; configuration: JobConfiguration }> {
  const submitted = Promise.withResolvers<{ graph: JobGraph; configuration: JobConfiguration }>()
  const env = new StreamExecutionEnvironment({
    executor: {
      submit: (graph, configuration) => {
        submitted.resolve({ graph, configuration })
        return new Promise(() => {})
      },
    },
    connectors: builtInConnectors,
    settings: {},
  })
  env.configure({ 'execution.target': 'threads', 'task.cancellation.timeout': 1_000 })
  env.fromElements(1).print()
  void env.executeAsync('one task')
  return submitted.promise
}

let env: TestEnv
let threads: FakeThread[]
let failures: { readonly attempt: number; readonly error: EngineError }[]
let warnings: string[]
let storage: MemoryCheckpointStorage
let managers: ThreadTaskManagers
let deploy: (attempt: number) => Promise<ExecutionId>

/** Lets what was posted to the executor happen. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

beforeEach(async () => {
  env = new TestEnv()
  threads = []
  failures = []
  warnings = []
  storage = new MemoryCheckpointStorage()
  const { graph, configuration } = await oneTaskJob()
  const host: ThreadHost = {
    text: nodeTextBytes,
    mainModule: 'file:///main.ts',
    programArguments: [],
    countJob: () => 0,
    start: ({ startData }) => {
      const thread = new FakeThread(startData as ThreadStart)
      threads.push(thread)
      return thread
    },
    parent: undefined,
    startData: undefined,
  }
  const jobMaster = {
    updateExecutionState: ({ attempt }: ExecutionId, _state: string, error: unknown) =>
      failures.push({ attempt, error: error as EngineError }),
  } as unknown as JobMasterGateway
  const warn = (message: string): void => void warnings.push(message)
  const parts = { env, graph, configuration, storage, jobMaster, seams: undefined, warn }
  managers = new ThreadTaskManagers(parts, host, undefined)
  deploy = async (attempt) => {
    const vertexId = graph.vertices[0]?.id as string
    const executionId = { jobId: 'j', vertexId, subtaskIndex: 0, attempt }
    managers.gateway.deploy({ executionId, graph, configuration, restore: undefined })
    await turn()
    return executionId
  }
})

describe('a thread that ends (ARC-09, REC-01)', () => {
  test('fails its tasks; the next attempt gets another thread', async () => {
    await deploy(0)
    threads[0]?.send({ kind: 'ready' })
    threads[0]?.end(new Error('out of memory'))
    expect(failures).toEqual([{ attempt: 0, error: expect.any(EngineError) }])
    expect(failures[0]?.error).toMatchObject({
      code: ErrorCode.TASK_MANAGER_LOST,
      message: 'the thread of slot 0 ended while its tasks ran: out of memory',
      retryable: true,
    })
    await deploy(1)
    expect(threads.map(({ kinds }) => kinds)).toEqual([['deploy'], ['deploy']])
  })

  test('is the fault of the program only if no thread has ever come to its job', async () => {
    await deploy(0)
    threads[0]?.end(undefined)
    await deploy(1)
    threads[1]?.send({ kind: 'ready' })
    threads[1]?.end(undefined)
    await deploy(2)
    threads[2]?.end(undefined)
    const { INVALID_PROGRAM, TASK_MANAGER_LOST } = ErrorCode
    const codes = [INVALID_PROGRAM, TASK_MANAGER_LOST, TASK_MANAGER_LOST]
    expect(failures.map(({ error }) => error.code)).toEqual(codes)
  })

  test('gets the answers to its requests alone: the next thread counts its own from 0 again', async () => {
    const answer = Promise.withResolvers<[]>()
    storage.readSections = () => answer.promise
    await deploy(0)
    const request = { method: 'read', handle: {} as StateHandle } as const
    threads[0]?.send({ kind: 'storage', id: 0, request })
    threads[0]?.end(undefined)
    await deploy(1)
    answer.resolve([])
    await turn()
    expect(threads.map(({ kinds }) => kinds)).toEqual([['deploy', 'reply'], ['deploy']])
  })
})

describe('the end of a job', () => {
  test('comes when its threads have ended by themselves', async () => {
    await deploy(0)
    let isClosed = false
    const closed = managers.close().then(() => {
      isClosed = true
    })
    await turn()
    expect(threads[0]?.kinds).toEqual(['deploy', 'end'])
    expect(isClosed).toBe(false)
    threads[0]?.end(undefined)
    await closed
    expect(threads[0]?.isTerminated).toBe(false)
    expect(failures).toEqual([])
  })

  test('does not wait longer than two seconds', async () => {
    await deploy(0)
    const closed = managers.close()
    env.clock.advanceTo(env.clock.nowMs() + 2_000)
    await closed
    expect(threads[0]?.isTerminated).toBe(true)
  })
})

describe('a cancelled task', () => {
  test('that has ended leaves its thread alone, for the next attempt', async () => {
    const executionId = await deploy(0)
    managers.gateway.cancel(executionId)
    await turn()
    const over = { kind: 'state-changed', executionId, state: 'CANCELED' } as const
    threads[0]?.send({ ...over, error: undefined, report: undefined })
    env.clock.advanceTo(env.clock.nowMs() + 5_000)
    await deploy(1)
    expect(threads.map(({ kinds }) => kinds)).toEqual([['deploy', 'call', 'deploy']])
    expect(threads[0]?.isTerminated).toBe(false)
  })

  test('that has not after its time takes its thread along, and says so', async () => {
    const executionId = await deploy(0)
    managers.gateway.cancel(executionId)
    await turn()
    env.clock.advanceTo(env.clock.nowMs() + 999)
    expect(threads[0]?.isTerminated).toBe(false)
    env.clock.advanceTo(env.clock.nowMs() + 1)
    expect(threads[0]?.isTerminated).toBe(true)
    expect(failures).toHaveLength(1)
    expect(warnings).toEqual([
      expect.stringMatching(/^after 1000 ms .*: '.*' \(subtask 0\); their/),
    ])
  })
})
