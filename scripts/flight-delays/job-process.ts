import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { ProgressReport } from '../../engine/examples/flight-delays/progress-report.ts'

const PROGRAM = join(import.meta.dirname, '../../engine/examples/flight-delays/supervised-run.ts')

/** A job without a report for this long is given up. */
const SILENCE_MS_MAX = 60_000

/** What the job is started with. */
export interface JobOptions {
  readonly folder: string
  readonly limit: number
  readonly flightsPerSecond: number | undefined
}

/** How a process of the job ended. */
export interface JobProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** What it wrote to standard output and standard error. */
  readonly output: string
  readonly finished: boolean
}

/** One process that runs the job, from its start to its end. */
export class JobProcess {
  /** Resolves when the process is gone. */
  readonly ended: Promise<JobProcessEnd>
  readonly #child: ChildProcess
  #watchdog: NodeJS.Timeout | undefined

  constructor(options: JobOptions, onReport: (report: ProgressReport) => void) {
    const child = fork(PROGRAM, [JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    })
    this.#child = child
    let output = ''
    let finished = false
    child.stdout?.on('data', (data) => {
      output += data
    })
    child.stderr?.on('data', (data) => {
      output += data
    })
    child.on('message', (report: ProgressReport) => {
      this.#watch()
      finished ||= report.finished
      onReport(report)
    })
    this.#watch()
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        clearTimeout(this.#watchdog)
        resolve({ code, signal, output, finished })
      })
    })
  }

  /** Ends the process as a power cut would. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #watch(): void {
    clearTimeout(this.#watchdog)
    this.#watchdog = setTimeout(() => this.kill(), SILENCE_MS_MAX)
  }
}
