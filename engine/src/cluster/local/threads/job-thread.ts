import { EngineError, ErrorCode } from '../../../base/engine-error.ts'
import { Configuration } from '../../../core/config/configuration.ts'
import type { Env } from '../../../env/env.ts'
import type { ParentLink } from '../../../env/threads.ts'
import type { ScheduledTimer } from '../../../env/timers.ts'
import type { JobConfiguration } from '../../../plan/job-configuration.ts'
import type { JobClient, JobExecutor } from '../../../plan/job-executor.ts'
import type { JobGraph } from '../../../plan/job-graph.ts'
import { Doorbell } from '../../../runtime/network/ring/doorbell.ts'
import type { JobMasterGateway } from '../../../runtime/rpc/gateways.ts'
import type { TaskManager } from '../../../runtime/taskmanager/task-manager.ts'
import type { EngineSeams } from '../engine-seams.ts'
import { taskManagerOf } from '../task-managers.ts'
import { toPlainError } from './plain-error.ts'
import { canCross, toPlainReport } from './plain-report.ts'
import { planDifference, planSignature } from './plan-signature.ts'
import { RemoteCheckpointStorage } from './remote-checkpoint-storage.ts'
import { SplitBytes } from './split-bytes.ts'
import type { FromThread, ThreadStart, ToThread } from './thread-messages.ts'

/** How often a thread tells the metrics of its tasks. */
const REPORT_INTERVAL_MS = 500

/** What a {@link JobThread} is made of. */
export interface JobThreadOptions {
  readonly env: Env
  readonly parent: ParentLink
  readonly start: ThreadStart
  readonly seams: EngineSeams | undefined
}

/**
 * What `execute` does in a thread of a job: the program has built the job here once more, so that
 * its functions are there; now the thread takes tasks of it. The program does not go on: what comes
 * after `execute` happens in the main thread.
 */
export class JobThread implements JobExecutor {
  readonly #options: JobThreadOptions
  #nextReport: ScheduledTimer | undefined

  constructor(options: JobThreadOptions) {
    this.#options = options
  }

  submit(graph: JobGraph, configuration: JobConfiguration): Promise<JobClient> {
    const { start, parent } = this.#options
    const difference = planDifference(planSignature(graph), start.signature)
    if (difference === undefined) this.#takeTasks(graph, configuration)
    else {
      this.#send({ kind: 'refused', error: toPlainError(otherJob(graph, difference)) })
      parent.onMessage((message) => {
        if ((message as ToThread).kind === 'end') this.#end()
      })
    }
    return new Promise(() => {})
  }

  #takeTasks(graph: JobGraph, own: JobConfiguration): void {
    const { env, parent, start, seams } = this.#options
    const configuration: JobConfiguration = {
      ...own,
      configuration: new Configuration({ code: start.settings }),
      globalParameters: start.globalParameters,
    }
    const storage = new RemoteCheckpointStorage((id, request) =>
      this.#send({ kind: 'storage', id, request }),
    )
    const doorbell = new Doorbell(start.bell, (run) => env.executor.post(run))
    const taskManager = taskManagerOf(
      {
        env,
        graph,
        configuration,
        storage,
        jobMaster: this.#jobMaster(),
        seams,
        warn: (message) => this.#send({ kind: 'warn', message }),
      },
      { doorbell, text: (env.threads as NonNullable<Env['threads']>).text },
    )
    const splitBytes = new SplitBytes(graph)
    parent.onMessage((message) => {
      const order = message as ToThread
      switch (order.kind) {
        case 'deploy':
          taskManager.deploy({ ...order, graph, configuration })
          return
        case 'splits': {
          const { executionId, operatorId, splits } = order
          taskManager.addSplits(executionId, operatorId, splitBytes.decode(operatorId, splits))
          return
        }
        case 'reply':
          storage.answer(order.id, order.reply)
          return
        case 'call':
          call(taskManager, order.method, order.args)
          return
        case 'end':
          this.#end()
      }
    })
    this.#reportRegularly(taskManager)
    this.#send({ kind: 'ready' })
  }

  #reportRegularly(taskManager: TaskManager): void {
    const { env } = this.#options
    this.#nextReport = env.timers.schedule(env.clock.nowMs() + REPORT_INTERVAL_MS, () => {
      const reports = taskManager.reports().filter(canCross).map(toPlainReport)
      if (reports.length > 0) this.#send({ kind: 'reports', reports })
      this.#reportRegularly(taskManager)
    })
  }

  /** Functions have been closed; the resources that they used may take a while longer. */
  #end(): void {
    this.#nextReport?.cancel()
    this.#options.parent.release()
  }

  #jobMaster(): JobMasterGateway {
    const forward =
      (method: Exclude<keyof JobMasterGateway, 'updateExecutionState'>) =>
      (...args: readonly unknown[]): void =>
        this.#send({ kind: 'call', method, args })
    return {
      updateExecutionState: (...change) => this.#stateChanged(...change),
      reportEndOfData: forward('reportEndOfData'),
      acknowledgeCheckpoint: forward('acknowledgeCheckpoint'),
      declineCheckpoint: forward('declineCheckpoint'),
      requestSplit: forward('requestSplit'),
      reportWatermark: forward('reportWatermark'),
    }
  }

  #stateChanged(
    ...[executionId, state, error, report]: Parameters<JobMasterGateway['updateExecutionState']>
  ): void {
    const change = { kind: 'state-changed', executionId } as const
    try {
      this.#send({
        ...change,
        state,
        error: error === undefined ? undefined : toPlainError(error),
        report: report === undefined ? undefined : toPlainReport(report),
      })
    } catch (unsupported) {
      // The task cannot end in a way that nobody hears of.
      this.#send({
        ...change,
        state: 'FAILED',
        error: toPlainError(unsupported),
        report: undefined,
      })
    }
  }

  #send(message: FromThread): void {
    this.#options.parent.post(message)
  }
}

/** Calls a method of a TaskManager or a JobMaster by its name in a message. */
export function call(target: object, method: string, args: readonly unknown[]): void {
  const methods = target as Readonly<Record<string, (...args: readonly unknown[]) => void>>
  methods[method]?.(...args)
}

function otherJob(
  { jobName }: JobGraph,
  { here, there }: { readonly here: string; readonly there: string },
): EngineError {
  return new EngineError(
    ErrorCode.INVALID_PROGRAM,
    `in a thread the program builds another job ('${jobName}') than the one that was submitted. ` +
      `There is ${there}; in the thread there is ${here}. On threads the program is loaded once ` +
      'more in each thread and must build the same job there, with its first execute(): let ' +
      'nothing before it depend on time, randomness or what only the main thread knows, and run ' +
      'one job per program',
  )
}
