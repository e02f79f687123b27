/**
 * `env/web` implements the {@link Env} on what browsers and their workers share. No DOM, no Node.
 */
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Env } from '../env.ts'
import { OrderedTimers } from '../ordered-timers.ts'
import { SeededRandom } from '../seeded-random.ts'
import type { Transport } from '../transport.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { MessageExecutor } from './message-executor.ts'

// The few globals used here, so that neither the DOM's nor Node's types are needed.
declare const performance: { now(): number }
declare const crypto: { getRandomValues(array: Uint32Array): void }
declare function setTimeout(run: () => void, delayMs: number): unknown
declare function clearTimeout(timeout: unknown): void

/** Options of {@link webEnv}. */
export interface WebEnvOptions {
  /** Makes `random` repeatable. Without it the browser's entropy is the seed. */
  readonly seed?: number
}

/**
 * The real environment in a browser tab or worker. Files live in memory and end with it; there are
 * no network connections.
 */
export function webEnv(options: WebEnvOptions = {}): Env {
  const executor = new MessageExecutor()
  const nowMs = (): number => Date.now()
  return {
    clock: { nowMs, monotonicMs: () => performance.now() },
    timers: new OrderedTimers({ nowMs, arm: armTimeout, post: (run) => executor.post(run) }),
    random: new SeededRandom(options.seed ?? entropy()),
    executor,
    fileSystem: new MemoryFileSystem(nowMs),
    transport: noTransport,
    faultPoint: () => {},
  }
}

const noTransport: Transport = {
  connect: ({ host, port }) => Promise.reject(unsupported(`connect to ${host}:${port}`)),
  listen: ({ host, port }) => Promise.reject(unsupported(`listen on ${host}:${port}`)),
}

function unsupported(doing: string): EngineError {
  return new EngineError(
    ErrorCode.UNSUPPORTED,
    `cannot ${doing}: browsers have no such connections; run this part of the job on Node`,
  )
}

function armTimeout(delayMs: number, run: () => void): () => void {
  const timeout = setTimeout(run, delayMs)
  return () => clearTimeout(timeout)
}

function entropy(): readonly [number, number, number, number] {
  const words = new Uint32Array(4)
  crypto.getRandomValues(words)
  return [...words] as [number, number, number, number]
}
