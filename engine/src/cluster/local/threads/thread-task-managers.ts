import { EngineError, ErrorCode } from '../../../base/engine-error.ts'
import { ConfigOptions } from '../../../core/config/options.ts'
import type { ThreadHost } from '../../../env/threads.ts'
import type { JobVertex } from '../../../plan/job-graph.ts'
import { isTerminalExecution } from '../../../runtime/execution/execution-state.ts'
import { Doorbell } from '../../../runtime/network/ring/doorbell.ts'
import type {
  ExecutionId,
  TaskDeployment,
  TaskManagerGateway,
  TaskReport,
} from '../../../runtime/rpc/gateways.ts'
import type { TaskManager } from '../../../runtime/taskmanager/task-manager.ts'
import { type RunningTaskManagers, type TaskManagerParts, taskManagerOf } from '../task-managers.ts'
import { JobSlot } from './job-slot.ts'
import { call } from './job-thread.ts'
import { type Place, type Placement, placeTasks } from './placement.ts'
import { fromPlainError } from './plain-error.ts'
import { fromPlainReport } from './plain-report.ts'
import { planSignature } from './plan-signature.ts'
import { answerStorageRequest } from './remote-checkpoint-storage.ts'
import { SharedRings } from './shared-rings.ts'
import { SplitBytes } from './split-bytes.ts'
import type { FromThread, TaskManagerCall, ThreadStart, ToThread } from './thread-messages.ts'

/**
 * The program that each thread runs as its main module when `execution.target` is `threads`. It has
 * to build the same job there, and to call `execute` where `import.meta.main` is true.
 */
export interface ThreadProgram {
  /** URL of the module, most often `import.meta.url`. */
  readonly module: string
  /** What it finds in `process.argv` from the third place on. Default: the arguments here. */
  readonly arguments?: readonly string[]
}

/** How long the threads of a job that is over have, together, to close what they have open. */
const END_MS = 2_000

/**
 * The TaskManagers of a job on threads: one thread per slot, each with a TaskManager of its own,
 * and one in this isolate for the tasks that belong to the program that submitted the job. A thread
 * that ends fails its tasks; the next execution attempt starts another.
 */
export class ThreadTaskManagers implements RunningTaskManagers {
  readonly gateway: TaskManagerGateway
  readonly #parts: TaskManagerParts
  readonly #host: ThreadHost
  readonly #program: Required<ThreadProgram>
  readonly #placement: Placement
  readonly #rings: SharedRings
  readonly #splitBytes: SplitBytes
  readonly #doorbell: Doorbell
  readonly #client: TaskManager
  readonly #slots = new Map<Place, JobSlot>()
  /** Whether a thread has built the job: then it is not for the program that others do not. */
  #isProgramSound = false
  #isClosed = false

  /** @throws UNSUPPORTED if there is no module that a thread could load */
  constructor(parts: TaskManagerParts, host: ThreadHost, program: ThreadProgram | undefined) {
    const { graph, configuration, env } = parts
    const module = program?.module ?? host.mainModule
    if (module === undefined) throw noProgram()
    this.#parts = parts
    this.#host = host
    this.#program = { module, arguments: program?.arguments ?? host.programArguments }
    this.#placement = placeTasks(graph)
    const ringBytes = configuration.configuration.get(ConfigOptions.ringBytes)
    this.#rings = new SharedRings(graph, this.#placement, ringBytes)
    this.#splitBytes = new SplitBytes(graph)
    this.#doorbell = new Doorbell(this.#rings.bellOf('client'), (run) => env.executor.post(run))
    this.#client = taskManagerOf(parts, { doorbell: this.#doorbell, text: host.text })
    this.gateway = this.#gateway()
  }

  reports(): readonly TaskReport[] {
    const remote = [...this.#slots.values()].flatMap(({ reports }) => reports)
    return [...remote, ...this.#client.reports()]
  }

  /** Ends the threads, one after the other: V8 crashes now and then when several end at once. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#doorbell.close()
    const { env } = this.#parts
    const latestMs = env.clock.nowMs() + END_MS
    for (const slot of [...this.#slots.values()]) await slot.end(env, latestMs)
  }

  #gateway(): TaskManagerGateway {
    const forward =
      (method: Exclude<TaskManagerCall['method'], 'releaseExchanges'>) =>
      (id: ExecutionId, ...args: readonly unknown[]): void =>
        this.#call(method, id, [id, ...args])
    return {
      deploy: (deployment) => this.#later(() => this.#deploy(deployment)),
      cancel: (id) => {
        this.#call('cancel', id, [id])
        this.#later(() => this.#watchCancellation(id))
      },
      finish: forward('finish'),
      triggerCheckpoint: forward('triggerCheckpoint'),
      notifyCheckpointComplete: forward('notifyCheckpointComplete'),
      notifyCheckpointAborted: forward('notifyCheckpointAborted'),
      addSplits: (...call) => this.#addSplits(...call),
      signalNoMoreSplits: forward('signalNoMoreSplits'),
      alignWatermark: forward('alignWatermark'),
      releaseExchanges: () => {},
    }
  }

  /** Calls reach a TaskManager outside of the caller's stack, as over a connection. */
  #later(run: () => void): void {
    this.#parts.env.executor.post(run)
  }

  #call(method: TaskManagerCall['method'], id: ExecutionId, args: readonly unknown[]): void {
    const place = this.#placement.placeOf(this.#vertex(id), id.subtaskIndex)
    this.#later(() => {
      if (place === 'client') call(this.#client, method, args)
      else post(this.#slots.get(place), { kind: 'call', method, args })
    })
  }

  #addSplits(id: ExecutionId, operatorId: string, splits: readonly unknown[]): void {
    const place = this.#placement.placeOf(this.#vertex(id), id.subtaskIndex)
    if (place === 'client') {
      this.#later(() => this.#client.addSplits(id, operatorId, splits))
      return
    }
    const bytes = this.#splitBytes.encode(operatorId, splits)
    const message = { kind: 'splits', executionId: id, operatorId, splits: bytes } as const
    this.#later(() => post(this.#slots.get(place), message))
  }

  #deploy({ executionId, graph, configuration, restore }: TaskDeployment): void {
    const vertex = this.#vertex(executionId)
    const place = this.#placement.placeOf(vertex, executionId.subtaskIndex)
    const rings = this.#rings.ringsOf(executionId, vertex)
    if (place === 'client') {
      this.#client.deploy({ executionId, graph, configuration, restore, rings })
      return
    }
    const slot = this.#slots.get(place) ?? this.#startThread(place)
    slot.taskDeployed(executionId)
    post(slot, { kind: 'deploy', executionId, restore, rings })
  }

  #startThread(place: Place): JobSlot {
    const { configuration, globalParameters } = this.#parts.configuration
    const startData: ThreadStart = {
      signature: planSignature(this.#parts.graph),
      bell: this.#rings.bellOf(place),
      settings: configuration.settings(),
      globalParameters,
    }
    const thread = this.#host.start({
      module: this.#program.module,
      programArguments: this.#program.arguments,
      heapMebibytes: configuration.get(ConfigOptions.threadHeapMebibytes) || undefined,
      startData,
    })
    const slot = new JobSlot(thread)
    this.#slots.set(place, slot)
    thread.onMessage((message) => this.#receive(slot, message as FromThread))
    thread.onExit((error) => this.#threadEnded(place, slot, error))
    return slot
  }

  #receive(slot: JobSlot, message: FromThread): void {
    const { jobMaster, storage, warn } = this.#parts
    switch (message.kind) {
      case 'ready':
        slot.isReady = true
        this.#isProgramSound = true
        return
      case 'refused':
        this.#failTasks(slot, fromPlainError(message.error))
        return
      case 'call':
        call(jobMaster, message.method, message.args)
        return
      case 'state-changed': {
        const { executionId, state, error, report } = message
        if (isTerminalExecution(state)) slot.taskEnded(executionId)
        jobMaster.updateExecutionState(
          executionId,
          state,
          error && fromPlainError(error),
          report && fromPlainReport(report),
        )
        return
      }
      case 'storage':
        // To this thread alone: another that has taken its place asks under the same numbers.
        void answerStorageRequest(storage, message.request).then((reply) =>
          post(slot, { kind: 'reply', id: message.id, reply }),
        )
        return
      case 'reports':
        slot.reports = message.reports.map(fromPlainReport)
        return
      case 'warn':
        warn(message.message)
    }
  }

  #watchCancellation(id: ExecutionId): void {
    const { env, configuration, warn } = this.#parts
    const timeoutMs = configuration.configuration.get(ConfigOptions.cancellationTimeout)
    const place = this.#placement.placeOf(this.#vertex(id), id.subtaskIndex)
    this.#slots.get(place)?.watchCancellation(env, id, timeoutMs, (stuck) => {
      const names = stuck.map(
        (task) => `'${this.#vertex(task).name}' (subtask ${task.subtaskIndex})`,
      )
      warn(
        `after ${timeoutMs} ms these tasks do not react to their cancellation: ` +
          `${names.join(', ')}; their thread is ended`,
      )
    })
  }

  #threadEnded(place: Place, slot: JobSlot, cause: unknown): void {
    slot.threadEnded()
    if (this.#slots.get(place) === slot) this.#slots.delete(place)
    const reason = cause instanceof Error ? `: ${cause.message}` : ''
    const when = slot.isReady ? 'while its tasks ran' : 'before it could take tasks'
    const error = this.#isProgramSound
      ? new EngineError(
          ErrorCode.TASK_MANAGER_LOST,
          `the thread of slot ${place} ended ${when}${reason}`,
          { cause, retryable: true },
        )
      : new EngineError(
          ErrorCode.INVALID_PROGRAM,
          `the program ${this.#program.module} ended in the thread of slot ${place} before it called ` +
            `execute()${reason}; on threads each thread loads the program once more, up to there`,
          { cause },
        )
    this.#failTasks(slot, error)
  }

  #failTasks(slot: JobSlot, error: Error): void {
    const tasks = slot.allEnded()
    if (this.#isClosed) return
    for (const id of tasks)
      this.#parts.jobMaster.updateExecutionState(id, 'FAILED', error, undefined)
  }

  #vertex({ vertexId }: ExecutionId): JobVertex {
    return this.#parts.graph.vertices.find(({ id }) => id === vertexId) as JobVertex
  }
}

/** Sends a message to a thread; one that has ended gets none. */
function post(slot: JobSlot | undefined, message: ToThread): void {
  slot?.thread.post(message)
}

function noProgram(): EngineError {
  return new EngineError(
    ErrorCode.UNSUPPORTED,
    'there is no module that a thread could load: start the program from a file, or name it by ' +
      'getExecutionEnvironment({ program: { module: import.meta.url } })',
  )
}
