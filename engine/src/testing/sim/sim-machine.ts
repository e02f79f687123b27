import type { Random } from '../../env/random.ts'
import type { SimCore } from './sim-core.ts'
import { SimDisk } from './sim-disk.ts'

/** A machine of a simulated world: a disk and a clock, which the processes on it share. */
export class SimMachine {
  readonly name: string
  readonly disk: SimDisk
  /** What the monotonic clock showed when the world began; differs between machines. */
  readonly bootMs: number
  /** Draws how long file calls take. */
  readonly latencies: Random
  /** Draws which file calls fail. */
  readonly faults: Random
  /** False from a loss of power until a process is started again. */
  isUp = true
  /** Syncs of files so far. */
  syncCount = 0
  readonly #core: SimCore
  readonly #startMs: number
  #clockSkewMs = 0

  /** @param startMs wall time at which the world began. */
  constructor(core: SimCore, name: string, startMs: number) {
    const random = core.random.stream(`machine:${name}`)
    this.#core = core
    this.#startMs = startMs
    this.name = name
    this.disk = new SimDisk(() => this.nowMs())
    this.bootMs = random.below(1_000_000)
    this.latencies = random.stream('latencies')
    this.faults = random.stream('faults')
  }

  /** Wall time as this machine has it, whole milliseconds. */
  nowMs(): number {
    return this.#startMs + this.#clockSkewMs + Math.floor(this.#core.schedule.nowMs)
  }

  /** The virtual time at which this machine's wall clock shows `wallMs`. */
  virtualMsOf(wallMs: number): number {
    return Math.ceil(wallMs) - this.#startMs - this.#clockSkewMs
  }

  /** Sets the wall clock forward, or back if `deltaMs` is negative; use `SimWorld.stepClock`. */
  stepClock(deltaMs: number): void {
    this.#clockSkewMs += Math.trunc(deltaMs)
  }

  /** Changes bits of one byte of a file, seen at once and kept across a loss of power. */
  corrupt(path: string, positionBytes: number): void {
    this.disk.corrupt(path, positionBytes, 1 + this.faults.below(255))
    this.#core.note(this.name, 'bitRot', `${path} byte ${positionBytes}`)
  }

  /**
   * Loses power: unsynced bytes and names may be gone. Its processes must be dead; see `SimWorld`.
   */
  losePower(): void {
    this.#core.note(this.name, 'powerFail')
    this.isUp = false
    this.disk.crash(this.faults)
  }
}
