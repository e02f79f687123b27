import { assert, EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Env } from '../../env/env.ts'
import type { Executor } from '../../env/executor.ts'
import { drawFrom } from './fault-plan.ts'
import type { SimCore } from './sim-core.ts'
import { SimCrash } from './sim-crash.ts'
import type { EventOwner, OwnerLife, SimEvent } from './sim-event.ts'
import { SimFileSystem } from './sim-file-system.ts'
import type { SimMachine } from './sim-machine.ts'
import type { SimNetwork } from './sim-network.ts'
import { SimTimers } from './sim-timers.ts'
import { SimTransport } from './sim-transport.ts'

/** What a test makes of a fault point: go on, kill the process there, or throw `INJECTED_FAULT`. */
export type FaultPointVerdict = 'continue' | 'crash' | 'fail'

/** A process of a simulated world: code that has nothing of the world but its {@link env}. */
export class SimProcess implements EventOwner {
  readonly name: string
  readonly machine: SimMachine
  readonly env: Env
  /** Carries out calls of this process that the system finishes while the process is paused. */
  readonly kernel: EventOwner
  readonly fileSystem: SimFileSystem
  readonly timers: SimTimers
  /**
   * Asked at every fault point the process comes to; `count` is how often it has come to this one,
   * from 1. Set by tests.
   */
  onFaultPoint: (name: string, count: number) => FaultPointVerdict = () => 'continue'
  /**
   * Names what this process waits for, one line each, for the report of a deadlock. Set by tests
   * and by what runs in the process.
   */
  describeParked: () => readonly string[] = () => []
  readonly #core: SimCore
  readonly #network: SimNetwork
  readonly #faultPointCounts = new Map<string, number>()
  #life: OwnerLife = 'running'
  #held: SimEvent[] = []

  constructor(core: SimCore, network: SimNetwork, machine: SimMachine, name: string) {
    this.#core = core
    this.#network = network
    this.name = name
    this.machine = machine
    this.kernel = new ProcessKernel(this)
    this.fileSystem = new SimFileSystem(core, machine, this)
    const random = core.random.stream(`process:${name}`)
    this.timers = new SimTimers(core, machine, this, random.stream('timers').u32())
    this.env = {
      clock: {
        nowMs: () => machine.nowMs(),
        monotonicMs: () => machine.bootMs + core.schedule.nowMs,
      },
      timers: this.timers,
      random,
      executor: this.#executor(),
      fileSystem: this.fileSystem,
      transport: new SimTransport(core, network, this),
      faultPoint: (point) => this.#faultPoint(point),
    }
  }

  get life(): OwnerLife {
    return this.#life
  }

  /** Events that wait for the end of a pause. */
  get heldCount(): number {
    return this.#held.length
  }

  hold(event: SimEvent): void {
    this.#held.push(event)
  }

  /** Ends the process at once: from now on nothing it does has any effect. */
  kill(tellPeers: 'tell' | 'silent' = 'tell'): void {
    if (this.#life === 'dead') return
    this.#life = 'dead'
    this.#core.note(this.name, 'kill')
    this.#held = []
    this.timers.clear()
    this.#network.release(this, tellPeers)
  }

  /** Stops the process as a frozen machine or a long garbage collection does. */
  pause(): void {
    if (this.#life !== 'running') return
    this.#life = 'paused'
    this.#core.note(this.name, 'pause')
  }

  /** Lets a paused process go on; what came up meanwhile happens now, in its order. */
  resume(): void {
    if (this.#life !== 'paused') return
    this.#life = 'running'
    this.#core.note(this.name, 'resume')
    const held = this.#held
    this.#held = []
    for (const event of held) this.#core.schedule.replan(event)
  }

  #executor(): Executor {
    const { schedule, plan } = this.#core
    const delays = this.#core.random.stream(`delays:${this.name}`)
    const post = (run: () => void): void => {
      const delayMs = drawFrom(plan.taskDelayMs, delays)
      schedule.at(this, schedule.nowMs + delayMs, 'task', run)
    }
    return { post, yieldSlice: () => new Promise((resolve) => post(resolve)) }
  }

  #faultPoint(point: string): void {
    // Code of a dead process may still run to its end, but must not count as having come here.
    if (this.#life === 'dead') throw new SimCrash(this.name, point)
    const count = (this.#faultPointCounts.get(point) ?? 0) + 1
    this.#faultPointCounts.set(point, count)
    this.#core.count(`faultPoint:${point}`)
    const verdict = this.onFaultPoint(point, count)
    if (verdict === 'continue') return
    this.#core.note(this.name, `${verdict}:${point}`, `time ${count}`)
    if (verdict === 'crash') {
      this.kill()
      throw new SimCrash(this.name, point)
    }
    assert(verdict === 'fail', `unknown verdict ${verdict} on fault point ${point}`)
    const message = `failed at fault point ${point} (time ${count}) because the test wants it`
    throw new EngineError(ErrorCode.INJECTED_FAULT, message)
  }
}

/** Lives as long as the process, but does not pause with it. */
class ProcessKernel implements EventOwner {
  readonly name: string
  readonly #process: SimProcess

  constructor(process: SimProcess) {
    this.name = process.name
    this.#process = process
  }

  get life(): OwnerLife {
    return this.#process.life === 'dead' ? 'dead' : 'running'
  }

  hold(): void {}
}
