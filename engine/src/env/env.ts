/**
 * `env/` owns the seam between the engine and the world: time, timers, randomness, files, network.
 *
 * The engine receives one {@link Env}; there is no second way to any of it. `env/node` and
 * `env/web` implement it for real, `testing/sim` simulates it from a seed. This folder knows
 * nothing of streams, jobs or state.
 */
import type { Clock } from './clock.ts'
import type { Executor } from './executor.ts'
import type { FileSystem } from './file-system.ts'
import type { Random } from './random.ts'
import type { ThreadHost } from './threads.ts'
import type { Timers } from './timers.ts'
import type { Transport } from './transport.ts'

/** Everything nondeterministic the engine may use. */
export interface Env {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly executor: Executor
  readonly fileSystem: FileSystem
  readonly transport: Transport
  /** Threads with shared memory; undefined where there are none: in a browser, in the simulator. */
  readonly threads?: ThreadHost
  /**
   * Marks a point in the code at which a test may crash, pause or fail the process. Does nothing
   * outside of tests.
   */
  faultPoint(name: string): void
}
