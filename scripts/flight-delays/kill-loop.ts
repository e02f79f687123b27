import { setImmediate } from 'node:timers/promises'
import type { ProgressReport } from '../../engine/examples/flight-delays/progress-report.ts'
import { type JobOptions, JobProcess, type JobProcessEnd } from './job-process.ts'
import type { KillPoint } from './kill-plan.ts'

/** Who is told how the run goes. */
export interface KillLoopListener {
  /** @param checkpoints completed in all processes so far */
  progress(report: ProgressReport, checkpoints: number): void
  /** The job was killed after it had replayed `records` flights. */
  killed(records: number): void
  /** The job was started again and replays on from `records`, from 0 before any checkpoint. */
  resumed(records: number, checkpoints: number): void
  /** What a process of the job wrote. */
  wrote(output: string): void
}

/** How the run went. */
export interface KillLoopResult {
  readonly kills: number
  readonly checkpoints: number
}

/**
 * Runs the job, kills it at each point, and starts it again, until it ends.
 *
 * @param signal stops the run: the process is killed, and the run rejects
 * @throws Error if the job fails by itself or hangs
 */
export async function killLoop(
  job: JobOptions,
  plan: readonly KillPoint[],
  listener: KillLoopListener,
  signal: AbortSignal,
): Promise<KillLoopResult> {
  let checkpoints = 0
  let kills = 0
  for (;;) {
    const attempt = new Attempt(job, plan[kills], kills > 0, checkpoints, listener, signal)
    const end = await attempt.ended
    checkpoints += attempt.checkpoints
    if (end.output !== '') listener.wrote(end.output)
    await setImmediate() // lets a signal in that came to the job as well
    signal.throwIfAborted()
    if (attempt.isKilled && end.signal === 'SIGKILL') {
      kills++
      listener.killed(attempt.records)
    } else if (end.finished && end.code === 0) {
      return { kills, checkpoints }
    } else {
      throw new Error(`the job ended by itself: ${describeEnd(end)}`)
    }
  }
}

/** One process of the job, killed at its point if it has one. */
class Attempt {
  readonly ended: Promise<JobProcessEnd>
  /** Whether the plan has had it killed. */
  isKilled = false
  records = 0
  checkpoints = 0
  readonly #process: JobProcess
  readonly #listener: KillLoopListener
  readonly #point: KillPoint | undefined
  readonly #checkpointsBefore: number
  #timer: NodeJS.Timeout | undefined
  #isRestart: boolean

  constructor(
    job: JobOptions,
    point: KillPoint | undefined,
    isRestart: boolean,
    checkpointsBefore: number,
    listener: KillLoopListener,
    signal: AbortSignal,
  ) {
    this.#point = point
    this.#isRestart = isRestart
    this.#checkpointsBefore = checkpointsBefore
    this.#listener = listener
    this.#process = new JobProcess(job, (report) => this.#onReport(report))
    const stop = (): void => this.#process.kill()
    signal.addEventListener('abort', stop, { once: true })
    this.ended = this.#process.ended.finally(() => {
      clearTimeout(this.#timer)
      signal.removeEventListener('abort', stop)
    })
  }

  #onReport(report: ProgressReport): void {
    this.records = report.records
    this.checkpoints = report.checkpoints
    if (this.#isRestart && report.records > 0) {
      this.#isRestart = false
      this.#listener.resumed(report.records, this.#checkpointsBefore)
    }
    this.#listener.progress(report, this.#checkpointsBefore + report.checkpoints)
    const point = this.#point
    if (point === undefined || this.#timer !== undefined || report.records < point.records) return
    this.#timer = setTimeout(() => {
      this.isKilled = true
      this.#process.kill()
    }, point.afterMs)
  }
}

function describeEnd({ code, signal, finished }: JobProcessEnd): string {
  if (signal !== null) return `${signal}, after a minute without a sign of life or from outside`
  return finished ? `exit code ${code} after it had finished` : `exit code ${code} before its end`
}
