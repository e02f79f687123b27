import type { Accumulator } from '../../core/accumulator.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import type { Env } from '../../env/env.ts'
import type { ScheduledTimer } from '../../env/timers.ts'
import type { ResourceLease, SharedResources } from '../../operator/resource/shared-resources.ts'
import type { Mailbox } from './mailbox.ts'
import type { TaskCheckpoints } from './task-checkpoints.ts'
import type { TaskServices } from './task-operator-context.ts'

/** The parts of a task that its services reach into. */
interface ServiceTargets {
  readonly checkpoints: TaskCheckpoints
  setAvailable(operator: TaskInfo, available: boolean): void
  addAccumulator(name: string, accumulator: Accumulator<never, unknown>): void
  readonly resources: SharedResources
}

/** The services of a task, and what the task itself needs of them. */
export interface ClosableTaskServices extends TaskServices {
  /** Resolves when everything the end of the task has to wait for is done. */
  beforeFinish(): Promise<void>
  /** Cancels the processing-time timers and releases resources. */
  close(): void
}

/** Makes the services that the operators of a task share. */
export function taskServices(
  env: Env,
  mailbox: Mailbox,
  options: Pick<
    TaskServices,
    'recordErrorPolicy' | 'autoWatermarkIntervalMs' | 'globalParameters' | 'warn'
  >,
  targets: ServiceTargets,
): ClosableTaskServices {
  const timers = new Set<ScheduledTimer>()
  const awaited = new Set<Promise<void>>()
  const leases: ResourceLease<unknown>[] = []
  let closed = false
  const execute = (run: () => void): void => mailbox.put(run)
  return {
    env,
    ...options,
    processingTime: {
      nowMs: () => env.clock.nowMs(),
      schedule(atMs, run) {
        const timer = env.timers.schedule(atMs, () => {
          timers.delete(timer)
          execute(() => {
            if (!cancelled) run(atMs)
          })
        })
        let cancelled = false
        timers.add(timer)
        return {
          cancel() {
            cancelled = true
            timer.cancel()
            timers.delete(timer)
          },
        }
      },
    },
    execute,
    awaitBeforeAcknowledge: (done) => targets.checkpoints.awaitBeforeAcknowledge(done),
    awaitBeforeFinish(done) {
      awaited.add(done)
      done.then(
        () => awaited.delete(done),
        (error) =>
          execute(() => {
            throw error
          }),
      )
    },
    setAvailable: (operator, available) => targets.setAvailable(operator, available),
    addAccumulator: (name, accumulator) => targets.addAccumulator(name, accumulator),
    acquire(operator, options) {
      const lease = targets.resources.acquire(operator.jobId, options)
      // What an ended task still asks for, from a promise, nobody would give back.
      if (closed) lease.release()
      else leases.push(lease)
      return lease
    },
    async beforeFinish() {
      while (awaited.size > 0) await Promise.all(awaited)
    },
    close() {
      for (const timer of timers) timer.cancel()
      timers.clear()
      closed = true
      for (const lease of leases) lease.release()
    },
  }
}
