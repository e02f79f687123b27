/**
 * `testing/sim` owns the simulated world: processes that run the engine unchanged on simulated
 * time, disks and network, everything following from one seed. It knows nothing of streams or jobs.
 */
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { installTraps, withoutAmbient } from '../../env/node/ambient-traps.ts'
import { macrotaskLoop } from '../../env/node/macrotask-loop.ts'
import type { Random } from '../../env/random.ts'
import type { FaultPlan } from './fault-plan.ts'
import { SimCore } from './sim-core.ts'
import { SimCrash } from './sim-crash.ts'
import type { EventOwner } from './sim-event.ts'
import { SimMachine } from './sim-machine.ts'
import { SimNetwork } from './sim-network.ts'
import { SimProcess } from './sim-process.ts'

/** 2026-01-01T00:00:00Z, when every simulated world begins unless it is told otherwise. */
const START_MS = 1_767_225_600_000

/** Options of a {@link SimWorld}. */
export interface SimWorldOptions {
  /** Everything that happens in the world follows from it. */
  readonly seed: number
  /** What may go wrong. Default: nothing. */
  readonly faults?: FaultPlan
  /** Wall time at which the world begins, whole milliseconds. Default 2026-01-01T00:00:00Z. */
  readonly startMs?: number
  /**
   * What happens when code in the world uses real time, randomness or timers. `refuse` (default)
   * makes the call throw `ASSERTION`; `allow` is for libraries that cannot do without, at the price
   * of runs that may not repeat.
   */
  readonly ambient?: 'refuse' | 'allow'
}

/** When {@link SimWorld.run} stops. */
export interface RunOptions {
  /**
   * Asked after every event: true ends the run. Without it the run goes on until nothing is left.
   */
  readonly until?: () => boolean
  /** Virtual time the run may take; it passes even if nothing happens in it. Default one day. */
  readonly maxVirtualMs?: number
  /** Events the run may take. Default 10 million. */
  readonly maxEvents?: number
}

/** How a run ended. */
export interface RunOutcome {
  /**
   * `done`: `until` was true, or, without `until`, nothing was left. `deadlock`: nothing was left
   * and `until` still false. `limit`: time or events ran out.
   */
  readonly kind: 'done' | 'deadlock' | 'limit'
  /** Virtual time since the world began. */
  readonly virtualMs: number
  /** Events since the world began. */
  readonly eventCount: number
  /** What processes wait for, one line each; filled in for a deadlock. */
  readonly parked: readonly string[]
}

/**
 * Runs processes on simulated time. One event happens at a time, in an order drawn from the seed;
 * all microtasks an event causes run before the next.
 *
 * Code under test must wait for nothing but its `Env`: a real timer or file would come back at a
 * moment that no seed decides.
 */
export class SimWorld {
  readonly seed: number
  readonly network: SimNetwork
  /** For decisions of the test itself. */
  readonly random: Random
  readonly #core: SimCore
  readonly #startMs: number
  readonly #ambient: 'refuse' | 'allow'
  readonly #machines = new Map<string, SimMachine>()
  readonly #processes: SimProcess[] = []
  readonly #owner: EventOwner = { name: 'world', life: 'running', hold: () => {} }
  #failure: EngineError | undefined

  constructor(options: SimWorldOptions) {
    this.seed = options.seed
    this.#core = new SimCore(options.seed, options.faults ?? {})
    this.#startMs = options.startMs ?? START_MS
    this.#ambient = options.ambient ?? 'refuse'
    this.network = new SimNetwork(this.#core)
    this.random = this.#core.random.stream('test')
  }

  /** Virtual milliseconds since the world began. */
  get virtualMs(): number {
    return this.#core.schedule.nowMs
  }

  /** Follows from all events so far; equal for two runs of one seed. */
  get hash(): number {
    return this.#core.trace.hash
  }

  /**
   * How often each fault, fault point and buggify point came up, and what tests count themselves.
   */
  get counters(): ReadonlyMap<string, number> {
    return this.#core.counters
  }

  /** Adds one to a counter of {@link counters} and returns its new value. */
  count(name: string): number {
    return this.#core.count(name)
  }

  /** Makes a machine; its name is its host name. */
  createMachine(name: string): SimMachine {
    if (this.#machines.has(name)) {
      throw new EngineError(ErrorCode.INVALID_ARGUMENT, `there is a machine ${name} already`)
    }
    const machine = new SimMachine(this.#core, name, this.#startMs)
    this.#machines.set(name, machine)
    this.network.addHost(name, machine)
    return machine
  }

  /**
   * Makes a process, on a machine of its own unless one is given. A machine that has lost power is
   * up again with it. Names of processes are unique in a world.
   */
  createProcess(name: string, machine: SimMachine = this.createMachine(name)): SimProcess {
    if (this.#processes.some((process) => process.name === name)) {
      throw new EngineError(ErrorCode.INVALID_ARGUMENT, `there was a process ${name} already`)
    }
    machine.isUp = true
    const process = new SimProcess(this.#core, this.network, machine, name)
    this.#processes.push(process)
    return process
  }

  /**
   * Starts `main` in the process, as an event. An error of it fails the run, the end of the process
   * does not.
   */
  start(process: SimProcess, main: () => void | Promise<void>): void {
    const { schedule } = this.#core
    const begin = async (): Promise<void> => {
      try {
        await main()
      } catch (error) {
        this.#fail(process, error)
      }
    }
    schedule.at(process, schedule.nowMs, 'start', () => void begin())
  }

  /** Plans something that the test does to the world, such as a fault. */
  after(delayMs: number, run: () => void, label = 'test'): void {
    const { schedule } = this.#core
    schedule.at(this.#owner, schedule.nowMs + delayMs, label, run)
  }

  /** kill -9: the process is gone, what it has written stays in the page cache of its machine. */
  kill(process: SimProcess): void {
    process.kill()
  }

  /** Stops a process until {@link resume}; its machine and its clock go on. */
  pause(process: SimProcess): void {
    process.pause()
  }

  resume(process: SimProcess): void {
    process.resume()
  }

  /** Takes the power from a machine: its processes are gone, and so may be what was not synced. */
  powerFail(machine: SimMachine): void {
    for (const process of this.#processesOn(machine)) process.kill('silent')
    machine.losePower()
  }

  /** Sets the wall clock of a machine forward, or back by a negative number of milliseconds. */
  stepClock(machine: SimMachine, deltaMs: number): void {
    this.#core.note(machine.name, 'stepClock', `${deltaMs} ms`)
    machine.stepClock(deltaMs)
    for (const process of this.#processesOn(machine)) process.timers.clockStepped()
    this.#core.schedule.reorder()
  }

  /**
   * Lets events happen until `until` is true, nothing is left, or a limit is reached. May be called
   * again to go on.
   *
   * @throws ASSERTION if code in the world throws something that nobody catches; the message is the
   * {@link report}, `cause` the error.
   */
  async run(options: RunOptions = {}): Promise<RunOutcome> {
    const { schedule, trace } = this.#core
    const endMs = schedule.nowMs + (options.maxVirtualMs ?? 86_400_000)
    const lastEvent = trace.eventCount + (options.maxEvents ?? 10_000_000)
    const { until } = options
    let kind: RunOutcome['kind'] | undefined
    const step = (): boolean => this.#step(endMs)
    const removeTraps = installTraps()
    try {
      await macrotaskLoop(() => {
        if (this.#failure !== undefined) throw this.#failure
        if (until?.() === true) kind = 'done'
        else if (trace.eventCount >= lastEvent) kind = 'limit'
        else if (!(this.#ambient === 'refuse' ? withoutAmbient(step) : step())) {
          kind = this.#kindOfEnd(endMs, until !== undefined)
        }
        return kind === undefined
      })
    } finally {
      removeTraps()
    }
    const parked = kind === 'deadlock' ? this.parked() : []
    const { nowMs } = schedule
    return { kind: kind ?? 'done', virtualMs: nowMs, eventCount: trace.eventCount, parked }
  }

  /** What processes wait for, one line each. */
  parked(): readonly string[] {
    const lines: string[] = []
    for (const process of this.#processes) {
      if (process.life === 'dead') continue
      const { name } = process
      if (process.life === 'paused') lines.push(`${name}: paused, ${process.heldCount} events held`)
      for (const line of process.describeParked()) lines.push(`${name}: ${line}`)
    }
    const { stuckCount } = this.network.links
    if (stuckCount > 0) lines.push(`network: ${stuckCount} packets wait for a cut link`)
    return lines
  }

  /** Seed, counters, what is waited for and the last events: what a failed test prints. */
  report(): string {
    const counters = [...this.#core.counters].map(([name, count]) => `  ${name}: ${count}`)
    return [
      `seed ${this.seed}, ${this.#core.trace.eventCount} events, hash ${this.hash}`,
      'counters:',
      ...counters.sort(),
      'parked:',
      ...this.parked().map((line) => `  ${line}`),
      'last events (virtual ms, owner, what, detail):',
      ...this.#core.trace.lines(),
    ].join('\n')
  }

  /** Lets the next event happen; false if there is none until `endMs`. */
  #step(endMs: number): boolean {
    const { schedule, trace } = this.#core
    const event = schedule.next(endMs)
    if (event === undefined) return false
    trace.event(schedule.nowMs, event)
    const run = event.run as () => void
    event.run = undefined
    try {
      run()
    } catch (error) {
      this.#fail(event.owner, error)
    }
    return true
  }

  #kindOfEnd(endMs: number, isAwaited: boolean): RunOutcome['kind'] {
    if (this.#core.schedule.isEmpty) return isAwaited ? 'deadlock' : 'done'
    this.#core.schedule.advanceTo(endMs)
    return 'limit'
  }

  #processesOn(machine: SimMachine): readonly SimProcess[] {
    return this.#processes.filter((process) => process.machine === machine)
  }

  /** Nobody has caught `error`. Of a process that is dead nothing matters any more. */
  #fail(owner: EventOwner, error: unknown): void {
    if (error instanceof SimCrash || owner.life === 'dead' || this.#failure !== undefined) return
    const what = error instanceof Error ? error.message : String(error)
    const message = `uncaught in ${owner.name}: ${what}\n${this.report()}`
    this.#failure = new EngineError(ErrorCode.ASSERTION, message, { cause: error })
  }
}
