import { EngineError } from '../../src/base/engine-error.ts'
import { localEnvironment } from '../../src/cluster/local/execution-environment.ts'
import type { JobClient } from '../../src/plan/job-executor.ts'
import { type CallOutcome, FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import type { FaultPlan } from '../../src/testing/sim/fault-plan.ts'
import type { SimMachine } from '../../src/testing/sim/sim-machine.ts'
import type { FaultPointVerdict, SimProcess } from '../../src/testing/sim/sim-process.ts'
import { SimWorld } from '../../src/testing/sim/sim-world.ts'
import { buildPipeline } from './build-pipeline.ts'
import { CHECKPOINT_FOLDER } from './crash-folders.ts'
import { endsProcess, type Fault, type FaultSchedule } from './fault-schedule.ts'
import { OutputChecker } from './output-checker.ts'
import type { PipelineDescription, SimRecord } from './pipeline-description.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { leftoversOf, stateViolations } from './quiescence.ts'
import { referenceLines } from './reference-interpreter.ts'

/** What a run is made of: everything follows from it. */
export interface CrashRunPlan {
  readonly seed: number
  readonly pipeline: PipelineDescription
  readonly schedule: FaultSchedule
  readonly bug?: PlantedBug | undefined
}

/** How a run ended. */
export interface CrashRunOutcome {
  /** Why the run failed; undefined if it passed. */
  readonly failure: string | undefined
  readonly hash: number
  readonly eventCount: number
  readonly counters: ReadonlyMap<string, number>
  /** The last events and counters of the world, for a failure. */
  readonly report: string
}

/** Virtual time in which a job without faults must finish, and a planned fault must come. */
const LIFE_MS_MAX = 60_000
const LIFE_EVENTS_MAX = 400_000

/** More starts than any schedule needs: the job fails again and again. */
const LIFE_COUNT_MAX = 25

/** How often the visible output is looked at. */
const LOOK_EVERY_MS = 20

/** Runs a pipeline to its end, through all faults of the schedule, and checks what it committed. */
export async function crashRun(plan: CrashRunPlan): Promise<CrashRunOutcome> {
  const run = new CrashRun(plan)
  let failure: string | undefined
  try {
    await run.run()
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  const { world } = run
  return {
    failure: failure ?? run.failure,
    hash: world.hash,
    eventCount: run.eventCount,
    counters: world.counters,
    report: failure === undefined && run.failure === undefined ? '' : world.report(),
  }
}

class CrashRun {
  readonly world: SimWorld
  eventCount = 0
  /** Found while the world was running. */
  failure: string | undefined
  readonly #plan: CrashRunPlan
  readonly #machine: SimMachine
  readonly #inputs: readonly ScriptedInput<SimRecord>[]
  readonly #log: FakeTransactionLog<string>
  readonly #checker: OutputChecker
  #faults: readonly Fault[]
  #life = 0
  #isOver = false
  #logCalls = 0
  /** Calls to the log that went wrong. */
  #logTroubles = 0

  constructor(plan: CrashRunPlan) {
    const { seed, pipeline, schedule } = plan
    this.#plan = plan
    this.world = new SimWorld({ seed, faults: worldFaults(schedule) })
    this.#machine = this.world.createMachine('machine')
    this.#inputs = pipeline.sources.map(({ splitCount }) => new ScriptedInput(splitCount))
    this.#log = new FakeTransactionLog({
      nowMs: () => this.#machine.nowMs(),
      outcome: () => this.#logOutcome(),
    })
    this.#checker = new OutputChecker(
      referenceLines(pipeline),
      pipeline.sinks,
      this.#log,
      this.#machine.disk,
    )
    this.#faults = schedule.faults
  }

  async run(): Promise<void> {
    this.#planFeeds()
    this.#planLooks()
    for (;;) {
      const isSafe = this.#faults.length === 0 && this.#life > 0
      const ended = await this.#runLife()
      this.#look()
      if (this.failure !== undefined) return
      if (ended.kind === 'finished') {
        this.#checkEnd(ended)
        return
      }
      if (ended.kind === 'failed' && isSafe) throw new Error(`the job failed: ${ended.reason}`)
      if (this.#life > LIFE_COUNT_MAX) {
        throw new Error(`no end after ${this.#life} starts; last: ${describeEnd(ended)}`)
      }
    }
  }

  #logOutcome(): CallOutcome {
    const outcome = this.#plan.schedule.logOutcomes[this.#logCalls++] ?? 'done'
    if (outcome !== 'done') {
      this.#logTroubles++
      this.world.count(`log:${outcome}`)
    }
    return outcome
  }

  /** Everything so far for which a running job may restart itself. */
  #troubles(): number {
    return this.#logTroubles + (this.world.counters.get('fault:EIO') ?? 0)
  }

  #planFeeds(): void {
    for (const [index, { steps, endMs }] of this.#plan.pipeline.sources.entries()) {
      const input = this.#inputs[index] as ScriptedInput<SimRecord>
      for (const { atMs, split, records } of steps) {
        const elements = records.map((timed) => record(timed.record, timed.timestampMs))
        this.world.after(atMs, () => input.feed(elements, split), 'feed')
      }
      this.world.after(endMs, () => input.end(), 'end of input')
    }
  }

  #planLooks(): void {
    this.world.after(LOOK_EVERY_MS, () => {
      if (this.#isOver) return
      this.#look()
      this.#planLooks()
    })
  }

  #look(): void {
    this.failure ??= this.#checker.look()
  }

  /** Runs one process, with the faults up to the next that ends it. */
  async #runLife(): Promise<LifeEnd> {
    const { world } = this
    const faults = this.#takeFaults()
    const troublesBefore = this.#troubles()
    const process = world.createProcess(`job-${this.#life}`, this.#machine)
    const life = new Life(world, this.#machine, process, faults, () => this.#checker.powerFailed())
    this.#start(process, life)
    this.#life++
    const outcome = await world.run({
      until: () => life.end !== undefined || process.life === 'dead' || this.failure !== undefined,
      maxVirtualMs: LIFE_MS_MAX,
      maxEvents: LIFE_EVENTS_MAX,
    })
    this.eventCount = outcome.eventCount
    if (life.end?.kind === 'finished') {
      this.#isOver = true
      // What the end of the job has set in motion may come to rest; then nothing may be left.
      await world.run({ maxVirtualMs: 2_000, maxEvents: LIFE_EVENTS_MAX })
      life.troubles += this.#troubles() - troublesBefore
      if (process.life !== 'dead') return life.end
    }
    if (process.life === 'dead') return { kind: 'dead', reason: life.deathCause }
    if (life.end !== undefined) {
      world.kill(process)
      return life.end
    }
    if (this.failure === undefined) {
      const waits = outcome.parked.join('\n')
      throw new Error(`${outcome.kind} in life ${this.#life - 1}: the job hangs\n${waits}`)
    }
    return { kind: 'dead', reason: 'stopped' }
  }

  #takeFaults(): readonly Fault[] {
    const end = this.#faults.findIndex(endsProcess)
    const count = end < 0 ? this.#faults.length : end + 1
    const taken = this.#faults.slice(0, count)
    this.#faults = this.#faults.slice(count)
    return taken
  }

  #start(process: SimProcess, life: Life): void {
    const { pipeline, bug } = this.#plan
    const env = bug?.wrapEnv?.(process.env) ?? process.env
    const surroundings = {
      inputs: this.#inputs,
      log: this.#log,
      life: this.#life,
      probe: () => life.probe(),
      wrapLogSink: bug?.wrapLogSink?.(this.#log) ?? ((sink: never) => sink),
    }
    life.begin()
    this.world.start(process, async () => {
      try {
        const environment = localEnvironment(env, {
          code: settingsOf(pipeline),
          warn: () => {},
          seams: bug?.seams,
        })
        buildPipeline(environment, pipeline, surroundings)
        const client = await environment.executeAsync('sim')
        life.client = client
        await client.result()
        life.end = { kind: 'finished', process, client, life }
      } catch (error) {
        if (process.life !== 'dead') life.end = { kind: 'failed', reason: reasonOf(error) }
      }
    })
  }

  #checkEnd({ process, client, life }: Extract<LifeEnd, { kind: 'finished' }>): void {
    const { sinks, retainedCheckpoints } = this.#plan.pipeline
    const problems = [
      ...this.#checker.atEnd(),
      ...stateViolations(client.stateHistory(), life.troubles),
      ...leftoversOf({
        process,
        disk: this.#machine.disk,
        log: sinks.includes('log') ? this.#log : undefined,
        checkpointFolder: CHECKPOINT_FOLDER,
        retainedCheckpoints,
      }),
    ]
    if (problems.length > 0) this.failure = problems.join('\n')
  }
}

type LifeEnd =
  | {
      readonly kind: 'finished'
      readonly process: SimProcess
      readonly client: JobClient
      readonly life: Life
    }
  | { readonly kind: 'failed' | 'dead'; readonly reason: string }

/** One process from its start to its end, and what goes wrong meanwhile. */
class Life {
  client: JobClient | undefined
  end: LifeEnd | undefined
  deathCause = ''
  /** How much went wrong for which a running job may restart itself. */
  troubles = 0
  readonly #world: SimWorld
  readonly #machine: SimMachine
  readonly #process: SimProcess
  readonly #faults: readonly Fault[]
  readonly #powerFailed: () => void
  readonly #visits = new Map<string, number>()
  #calls = 0

  constructor(
    world: SimWorld,
    machine: SimMachine,
    process: SimProcess,
    faults: readonly Fault[],
    powerFailed: () => void,
  ) {
    this.#world = world
    this.#machine = machine
    this.#process = process
    this.#faults = faults
    this.#powerFailed = powerFailed
  }

  begin(): void {
    this.#process.onFaultPoint = (name) => this.#atFaultPoint(name)
    this.#process.describeParked = () => [`job is ${this.client?.status() ?? 'not submitted'}`]
    for (const fault of this.#faults) {
      if (fault.kind !== 'kill' && fault.kind !== 'powerFail' && fault.kind !== 'pause') continue
      this.#world.after(fault.afterMs, () => this.#strike(fault), fault.kind)
    }
  }

  probe(): void {
    this.#calls++
    for (const fault of this.#faults) {
      if (fault.kind !== 'throw' || fault.call !== this.#calls) continue
      this.#world.count('fault:throw')
      this.troubles++
      throw new Error(`planned: call ${fault.call} of user functions fails`)
    }
  }

  #strike(fault: Extract<Fault, { afterMs: number }>): void {
    if (this.#process.life !== 'running' || this.end !== undefined) return
    switch (fault.kind) {
      case 'kill':
        this.deathCause = 'kill'
        this.#world.kill(this.#process)
        return
      case 'powerFail':
        this.#losePower()
        return
      case 'pause':
        this.#world.pause(this.#process)
        this.#world.after(fault.forMs, () => this.#world.resume(this.#process), 'resume')
    }
  }

  #losePower(): void {
    this.deathCause = 'powerFail'
    this.#world.powerFail(this.#machine)
    this.#powerFailed()
  }

  #atFaultPoint(name: string): FaultPointVerdict {
    const point = name.replace(/\(.*/, '')
    const count = (this.#visits.get(point) ?? 0) + 1
    this.#visits.set(point, count)
    this.#world.count(`reached:${point}`)
    for (const fault of this.#faults) {
      if (fault.kind !== 'point' || fault.point !== point || fault.count !== count) continue
      this.#world.count(`${fault.verdict}@${point}`)
      if (fault.verdict === 'fail') {
        this.troubles++
        return 'fail'
      }
      if (fault.verdict === 'powerFail') this.#losePower()
      this.deathCause = `${fault.verdict} at ${point}`
      return 'crash'
    }
    return 'continue'
  }
}

function worldFaults(schedule: FaultSchedule): FaultPlan {
  return {
    timerLatenessMsMax: schedule.timerLatenessMsMax,
    taskDelayMs: { min: 0.00005, max: Math.max(0.0001, schedule.slowTasksMs) },
    fileSystem: { syncLatencyMs: { min: 0.2, max: 2 }, failedSyncs: schedule.failedSyncs },
  }
}

function settingsOf(pipeline: PipelineDescription): Readonly<Record<string, unknown>> {
  return {
    'execution.checkpointing.interval': pipeline.checkpointIntervalMs,
    'execution.checkpointing.dir': CHECKPOINT_FOLDER,
    'execution.checkpointing.num-retained': pipeline.retainedCheckpoints,
    'execution.checkpointing.tolerable-failed-checkpoints': 3,
    'execution.state-recovery.path': 'latest',
    'restart-strategy.type': 'fixed-delay',
    'restart-strategy.fixed-delay.attempts': 20,
    'restart-strategy.fixed-delay.delay': pipeline.restartDelayMs,
    'pipeline.operator-chaining.enabled': pipeline.chaining,
    'taskmanager.network.batches-per-channel': pipeline.channelCredits,
  }
}

function reasonOf(error: unknown): string {
  const text = error instanceof EngineError ? `${error.code}: ${error.message}` : String(error)
  const cause = error instanceof Error ? error.cause : undefined
  return cause === undefined ? text : `${text} <- ${reasonOf(cause)}`
}

function describeEnd(end: LifeEnd): string {
  return end.kind === 'finished' ? 'finished' : `${end.kind} (${end.reason})`
}
