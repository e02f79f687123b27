import type { StreamExecutionEnvironment } from '../api/datastream/stream-execution-environment.ts'
import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { localEnvironment } from '../cluster/local/execution-environment.ts'
import { ConfigOptions } from '../core/config/options.ts'
import type { JobClient, JobExecutionResult } from '../plan/job-executor.ts'
import { contractViolation } from './contract-violation.ts'
import type { ScriptElement, ScriptedInput } from './scripted-input.ts'
import type { FaultPlan } from './sim/fault-plan.ts'
import type { SimProcess } from './sim/sim-process.ts'
import { SimWorld } from './sim/sim-world.ts'

/** What a {@link JobDriver} may be told; everything has a default. */
export interface JobDriverOptions {
  /** The order of everything follows from it: another seed, another interleaving. Default 1. */
  readonly seed?: number
  /** What may go wrong beside what the test does. Nothing by default. */
  readonly faults?: FaultPlan
  /** Settings in force beside those of the program, by key. */
  readonly settings?: Readonly<Record<string, unknown>>
}

const CHECKPOINT_DIRECTORY = '/checkpoints'

/** Virtual time in which a job must do what a test waits for, unless the test says otherwise. */
const WAIT_MS = 60_000

/**
 * Drives a whole job in one isolate, in time that only the test moves: the production program, real
 * tasks, channels and checkpoints, on a simulated machine. A killed job starts again on the same
 * machine from its latest checkpoint.
 *
 * ```ts
 * const input = new ScriptedInput<number>()
 * const doubled = new FakeTransactionLog<number>()
 * const job = new JobDriver((env) => {
 *   env.enableCheckpointing(100)
 *   const numbers = env.fromSource(scriptedSource(input))
 *   numbers.map((n) => n * 2).sinkTo(transactionalSink(doubled))
 * })
 * await job.feed(input, [record(1), record(2)])
 * await job.checkpoints(1)
 * doubled.committed // => [2, 4]
 * job.stop()
 * ```
 */
export class JobDriver {
  readonly world: SimWorld
  readonly #program: (env: StreamExecutionEnvironment) => void
  readonly #options: JobDriverOptions
  #process: SimProcess
  #starts = 1
  #client: JobClient | undefined
  #result: JobExecutionResult | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(program: (env: StreamExecutionEnvironment) => void, options: JobDriverOptions = {}) {
    const { seed = 1, faults } = options
    this.world = new SimWorld(faults === undefined ? { seed } : { seed, faults })
    this.#program = program
    this.#options = options
    this.#process = this.world.createProcess('job')
    this.#start()
  }

  /** The handle on the job. @throws JOB_FAILED if the present process has not submitted it yet */
  get client(): JobClient {
    if (this.#client !== undefined) return this.#client
    throw new EngineError(
      ErrorCode.JOB_FAILED,
      'the job has not started yet; let time pass first (`await job.advance(1)`)',
    )
  }

  /** Sends elements to a source and lets the job take them in: one virtual second passes. */
  async feed<T>(
    input: ScriptedInput<T>,
    elements: readonly ScriptElement<T>[],
    split = 0,
  ): Promise<void> {
    this.world.after(0, () => input.feed(elements, split), 'feed')
    await this.advance(1_000)
  }

  /** Lets `durationMs` of virtual time pass, with all that happens in it. */
  async advance(durationMs: number): Promise<void> {
    await this.world.run({ maxVirtualMs: durationMs, until: () => this.#failure !== undefined })
    this.#throwIfFailed()
  }

  /**
   * Ends the process of the job at once, as kill -9 does, and starts the same program in a new one
   * on the same machine, from the latest complete checkpoint.
   */
  async kill(): Promise<void> {
    const { machine } = this.#process
    this.world.kill(this.#process)
    this.#process = this.world.createProcess(`job-${++this.#starts}`, machine)
    this.#start()
    await this.until(() => this.#client !== undefined, 'the job runs again')
  }

  /**
   * Lets time pass until `condition` is true.
   *
   * @param what the condition in words, for the message
   * @param withinMs virtual time after which waiting is in vain. Default one minute
   * @throws TIMEOUT with the last events, if nothing is left to happen or the time has passed
   */
  async until(
    condition: () => boolean,
    what = 'the condition holds',
    withinMs: number = WAIT_MS,
  ): Promise<void> {
    const outcome = await this.world.run({
      until: () => this.#failure !== undefined || condition(),
      maxVirtualMs: withinMs,
    })
    this.#throwIfFailed()
    if (outcome.kind === 'done') return
    throw new EngineError(
      ErrorCode.TIMEOUT,
      `waited in vain until ${what} (${outcome.kind} after ${outcome.virtualMs} virtual ms)\n` +
        this.world.report(),
    )
  }

  /** Waits until as many further checkpoints are complete. */
  async checkpoints(count = 1): Promise<void> {
    const completed = (): number =>
      this.#client?.checkpoints().filter(({ status }) => status === 'COMPLETED').length ?? 0
    const before = completed()
    await this.until(() => completed() >= before + count, `${count} more checkpoints are complete`)
  }

  /** Waits for the end of the job. @throws what the job failed with */
  async finish(): Promise<JobExecutionResult> {
    await this.until(() => this.#result !== undefined, 'the job has finished')
    return this.#result as JobExecutionResult
  }

  /** Stops the simulation: nothing of the job happens any more. */
  stop(): void {
    this.world.kill(this.#process)
  }

  #start(): void {
    const process = this.#process
    this.#client = undefined
    this.world.start(process, async () => {
      try {
        const client = await this.#submit(process)
        if (process !== this.#process) return
        this.#client = client
        this.#result = await client.result()
      } catch (error) {
        if (process === this.#process && process.life === 'running') this.#failure = { error }
      }
    })
  }

  async #submit(process: SimProcess): Promise<JobClient> {
    const env = localEnvironment(process.env, {
      code: this.#options.settings ?? {},
      warn: () => {},
    })
    this.#program(env)
    env.set(ConfigOptions.checkpointDirectory, CHECKPOINT_DIRECTORY)
    env.set(ConfigOptions.savepointPath, 'latest')
    return env.executeAsync('test-job')
  }

  #throwIfFailed(): void {
    if (this.#failure === undefined) return
    const { error } = this.#failure
    throw error instanceof Error ? error : contractViolation(`the job failed: ${String(error)}`)
  }
}

/**
 * Starts a program under test. The program is called again after each `kill`, so sources and sinks
 * that must outlive the job (`ScriptedInput`, `FakeTransactionLog`) are made outside of it.
 *
 * ```ts
 * const input = new ScriptedInput<string>()
 * const log = new FakeTransactionLog<string>()
 * const job = testJob((env) => {
 *   env.enableCheckpointing(100)
 *   const words = env.fromSource(scriptedSource(input)).uid('words')
 *   words.map((word) => word.toUpperCase()).sinkTo(transactionalSink(log)).uid('log')
 * })
 * await job.feed(input, [record('a'), record('b')])
 * await job.checkpoints(1)
 * await job.kill() // as kill -9 does; the program starts again from the latest checkpoint
 * await job.feed(input, [record('c')])
 * input.end()
 * await job.finish()
 * assertExactlyOnce({ expected: ['A', 'B', 'C'], committed: log.committed })
 * ```
 */
export function testJob(
  program: (env: StreamExecutionEnvironment) => void,
  options: JobDriverOptions = {},
): JobDriver {
  return new JobDriver(program, options)
}
