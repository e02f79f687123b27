/// <reference types="node" />
import type { Env } from '../../src/env/env.ts'
import type { FileSystem } from '../../src/env/file-system.ts'
import { nodeEnv } from '../../src/env/node/node-env.ts'
import { SeededRandom } from '../../src/env/seeded-random.ts'

/** An env whose time moves only by `advance`. Files and faults as given, the network is real. */
export interface ManualEnv extends Env {
  /** Moves time on and fires what is due, in order. */
  advance(durationMs: number): void
  /** When the next timer is due, in milliseconds, or undefined. */
  nextTimerMs(): number | undefined
}

/** Makes a {@link ManualEnv}. */
export function manualEnv(fileSystem: FileSystem, seed: number = 1): ManualEnv {
  let nowMs = 1_000_000
  let timers: { readonly atMs: number; readonly run: () => void }[] = []
  const node = nodeEnv({ seed })
  return {
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    timers: {
      schedule: (atMs, run) => {
        const timer = { atMs, run }
        timers.push(timer)
        return {
          cancel: () => {
            timers = timers.filter((other) => other !== timer)
          },
        }
      },
    },
    random: new SeededRandom(seed),
    executor: node.executor,
    fileSystem,
    transport: node.transport,
    faultPoint: () => {},
    nextTimerMs: () => {
      const deadlines = timers.map((timer) => timer.atMs)
      return deadlines.length === 0 ? undefined : Math.min(...deadlines)
    },
    advance: (durationMs) => {
      nowMs += durationMs
      const due = timers.filter((timer) => timer.atMs <= nowMs)
      timers = timers.filter((timer) => timer.atMs > nowMs)
      for (const timer of due.sort((left, right) => left.atMs - right.atMs)) timer.run()
    },
  }
}
