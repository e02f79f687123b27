import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ChildReport } from './suite.ts'

/**
 * Where compiled sources are kept. Each run on threads loads them anew in every thread, and without
 * it strips their types anew as well: as a package Millrace comes without types.
 */
const NODE_COMPILE_CACHE = fileURLToPath(new URL('../../.millrace/compile-cache', import.meta.url))

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))

/**
 * Measures one sample in a fresh process: nothing that was compiled or allocated for another sample
 * can change it.
 *
 * @param main the benchmarks to take it from; of this working tree by default
 * @throws Error if the process ends without a report
 */
export async function sampleInChild(
  suite: string,
  name: string,
  quick: boolean,
  main: string = MAIN,
): Promise<ChildReport> {
  const child = forkSample(suite, name, quick ? ['--quick'] : [], main)
  const exit = once(child, 'exit')
  const report = await reportOf(child, `${suite} ${name}`)
  await exit
  return report
}

/**
 * A process that stays from one sample of a program to the next, for engines that need minutes to
 * get warm. It is begun with the first sample.
 */
export class KeptChild {
  readonly #suite: string
  readonly #name: string
  readonly #quick: boolean
  #child: ChildProcess | undefined

  constructor(suite: string, name: string, quick: boolean) {
    this.#suite = suite
    this.#name = name
    this.#quick = quick
  }

  /** Measures one sample. @throws Error if the process ends without a report */
  take(): Promise<ChildReport> {
    if (this.#child === undefined) {
      const flags = ['--kept', ...(this.#quick ? ['--quick'] : [])]
      this.#child = forkSample(this.#suite, this.#name, flags)
    } else {
      this.#child.send('again')
    }
    return reportOf(this.#child, `${this.#suite} ${this.#name}`)
  }

  /** Ends the process. */
  async close(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    if (child.connected) child.disconnect()
    await exit
  }
}

function forkSample(
  suite: string,
  name: string,
  flags: readonly string[],
  main: string = MAIN,
): ChildProcess {
  return fork(main, ['sample', suite, name, ...flags], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE },
  })
}

/** The next report of a process. */
function reportOf(child: ChildProcess, sample: string): Promise<ChildReport> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null): void =>
      reject(new Error(`the sample ${sample} ended with ${signal ?? `code ${code}`}`))
    child.once('error', reject)
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('error', reject).off('exit', ended)
      resolve(message as ChildReport)
    })
  })
}
