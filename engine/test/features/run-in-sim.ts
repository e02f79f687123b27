import { localEnvironment } from '../../src/cluster/local/execution-environment.ts'
import type { Env } from '../../src/env/env.ts'
import type { StreamExecutionEnvironment } from '../../src/index.ts'
import type { FaultPlan } from '../../src/testing/sim/fault-plan.ts'
import type { SimProcess } from '../../src/testing/sim/sim-process.ts'
import { SimWorld } from '../../src/testing/sim/sim-world.ts'

/** Settings of a program by key. */
export type Settings = Readonly<Record<string, unknown>>

/** A program under test: builds and runs jobs in a simulated process. */
export type SimProgram<T> = (env: StreamExecutionEnvironment, process: SimProcess) => Promise<T>

/** What a {@link SimHost} is made with. */
export interface SimHostOptions {
  readonly seed?: number
  readonly faults?: FaultPlan
}

/** A simulated machine on which programs run one after the other, in processes of their own. */
export class SimHost {
  readonly world: SimWorld
  /** What the engine warned of, in all processes. */
  readonly warnings: string[] = []
  readonly #machine: ReturnType<SimWorld['createMachine']>
  #starts = 0

  constructor(options: SimHostOptions = {}) {
    const { seed = 1, faults } = options
    this.world = new SimWorld(faults === undefined ? { seed } : { seed, faults })
    this.#machine = this.world.createMachine('host')
  }

  /**
   * Runs a program in a new process, which is killed when it is done.
   * @throws what the program throws
   */
  async run<T>(program: SimProgram<T>, settings: Settings = {}): Promise<T> {
    const process = this.world.createProcess(`program-${++this.#starts}`, this.#machine)
    let outcome: { readonly value: T } | { readonly error: unknown } | undefined
    this.world.start(process, async () => {
      try {
        const warn = (message: string): void => void this.warnings.push(message)
        const env = localEnvironment(process.env, { code: settings, warn })
        outcome = { value: await program(env, process) }
      } catch (error) {
        if (process.life === 'running') outcome = { error }
      }
    })
    const until = (): boolean => outcome !== undefined || process.life === 'dead'
    const ended = await this.world.run({ until, maxVirtualMs: 86_400_000 })
    this.world.kill(process)
    if (outcome === undefined) throw new Error(`${ended.kind}\n${this.world.report()}`)
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }

  /** Lets virtual time pass while no process runs. */
  async rest(durationMs: number): Promise<void> {
    this.world.after(durationMs, () => {})
    await this.world.run({ maxVirtualMs: durationMs })
  }

  /** The paths of all files below a folder, sorted. */
  async files(folder: string): Promise<readonly string[]> {
    return this.run((_, process) => filesBelow(process.env, folder))
  }
}

/** Runs one program in a world of its own. */
export function runInSim<T>(
  program: SimProgram<T>,
  settings: Settings = {},
  options: SimHostOptions = {},
): Promise<T> {
  return new SimHost(options).run(program, settings)
}

/** Lets virtual time pass inside a program. */
export function pass({ env }: { readonly env: Env }, durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    env.timers.schedule(env.clock.nowMs() + durationMs, resolve)
  })
}

/** Lets virtual time pass until a condition holds; gives up after an hour. */
export async function passUntil(
  process: { readonly env: Env },
  condition: () => boolean,
): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += 10) {
    if (waitedMs > 3_600_000) throw new Error(`waited in vain until ${condition}`)
    await pass(process, 10)
  }
}

/** Writes a text file with its folder. */
export async function writeText({ env }: SimProcess, path: string, text: string): Promise<void> {
  await env.fileSystem.makeDirectory(path.slice(0, path.lastIndexOf('/')))
  const file = await env.fileSystem.create(path)
  await file.append(bytesOf(text))
  await file.close()
}

/** The text of a file. */
export async function readText({ env }: SimProcess, path: string): Promise<string> {
  const file = await env.fileSystem.openRead(path)
  const bytes = await file.read(0, 1_000_000)
  await file.close()
  return String.fromCharCode(...bytes)
}

/** The bytes of an ASCII text. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

async function filesBelow(env: Env, folder: string): Promise<readonly string[]> {
  if ((await env.fileSystem.stat(folder)) === undefined) return []
  const found: string[] = []
  for (const { path, kind } of await env.fileSystem.list(folder)) {
    if (kind === 'file') found.push(path)
    else found.push(...(await filesBelow(env, path)))
  }
  return found.sort()
}
