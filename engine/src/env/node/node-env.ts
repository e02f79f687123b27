/// <reference types="node" />
/**
 * `env/node` implements the {@link Env} on Node. It is the one folder of the engine, beside the
 * adapters that the layer check names, that may touch `node:*`.
 */
import { randomBytes } from 'node:crypto'
import type { Env } from '../env.ts'
import type { Executor } from '../executor.ts'
import { OrderedTimers } from '../ordered-timers.ts'
import { SeededRandom } from '../seeded-random.ts'
import { NodeFileSystem } from './node-file-system.ts'
import { nodeThreads } from './node-threads.ts'
import { NodeTransport } from './node-transport.ts'

/** Options of {@link nodeEnv}. */
export interface NodeEnvOptions {
  /** Makes `random` repeatable. Without it the system's entropy is the seed. */
  readonly seed?: number
}

/**
 * The real environment on Node. Timers and posted tasks keep the process alive; an exception in one
 * of them is an uncaught exception of the process and does not keep the others from running.
 */
export function nodeEnv(options: NodeEnvOptions = {}): Env {
  return {
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    timers: new OrderedTimers({ nowMs: () => Date.now(), arm: armTimeout, post: postImmediate }),
    random: new SeededRandom(options.seed ?? entropy()),
    executor: nodeExecutor,
    fileSystem: new NodeFileSystem(),
    transport: new NodeTransport(),
    threads: nodeThreads(),
    faultPoint: () => {},
  }
}

// Node runs all immediates asked for so far in one pass, in order, and empties the microtask queue
// between them: a queue of our own would be no faster in practice and would lose that.
function postImmediate(run: () => void): void {
  setImmediate(run)
}

const nodeExecutor: Executor = {
  post: postImmediate,
  yieldSlice: () => new Promise((resolve) => setImmediate(resolve)),
}

function armTimeout(delayMs: number, run: () => void): () => void {
  const timeout = setTimeout(run, delayMs)
  return () => clearTimeout(timeout)
}

function entropy(): readonly [number, number, number, number] {
  const bytes = randomBytes(16)
  return [
    bytes.readUInt32LE(0),
    bytes.readUInt32LE(4),
    bytes.readUInt32LE(8),
    bytes.readUInt32LE(12),
  ]
}
