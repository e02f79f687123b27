import { EngineError, ErrorCode } from '../base/engine-error.ts'
import type { Env } from '../env/env.ts'
import type { Executor } from '../env/executor.ts'
import type { FileSystem } from '../env/file-system.ts'
import type { Random } from '../env/random.ts'
import { SeededRandom } from '../env/seeded-random.ts'
import type { Transport } from '../env/transport.ts'
import { MemoryFileSystem } from '../env/web/memory-file-system.ts'
import { ManualTime } from './manual-time.ts'

/** What a {@link TestEnv} is made of; everything has a default. */
export interface TestEnvOptions {
  /** What the clock shows at first, in milliseconds since 1970. Default 0. */
  readonly startMs?: number
  /** Seed of all randomness. Default 1. */
  readonly seed?: number
  /** Files for operators that use them; an empty file system in memory by default. */
  readonly fileSystem?: FileSystem
}

/**
 * The smallest deterministic {@link Env}: a manual clock, seeded randomness and fault points that a
 * test arms one by one. There is no network; for whole jobs with disks and networks use the
 * simulated world instead.
 *
 * ```ts
 * const testEnv = new TestEnv({ startMs: 1_000 })
 * testEnv.clock.nowMs() // => 1000
 * testEnv.failNext('afterAlign')
 * testEnv.faultPoint('afterAlign') // throws INJECTED_FAULT
 * ```
 */
export class TestEnv implements Env {
  readonly clock: ManualTime
  readonly timers: ManualTime
  readonly random: Random
  readonly executor: Executor
  readonly fileSystem: FileSystem
  readonly transport: Transport
  readonly #armedFaults = new Set<string>()

  constructor(options: TestEnvOptions = {}) {
    this.clock = new ManualTime(options.startMs)
    this.timers = this.clock
    this.random = new SeededRandom(options.seed ?? 1)
    this.executor = {
      post: (run) => void Promise.resolve().then(run),
      yieldSlice: () => Promise.resolve(),
    }
    this.fileSystem = options.fileSystem ?? new MemoryFileSystem(() => this.clock.nowMs())
    this.transport = { connect: noNetwork, listen: noNetwork }
  }

  /** Makes the next call of `faultPoint(point)` throw INJECTED_FAULT, once. */
  failNext(point: string): void {
    this.#armedFaults.add(point)
  }

  faultPoint(name: string): void {
    if (!this.#armedFaults.delete(name)) return
    throw new EngineError(ErrorCode.INJECTED_FAULT, `a test asked for a failure at ${name}`)
  }
}

async function noNetwork(): Promise<never> {
  throw new EngineError(
    ErrorCode.UNSUPPORTED,
    'this test environment has no network; use the simulated world, which has one',
  )
}
