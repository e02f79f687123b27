import { fork } from 'node:child_process'
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
export function sampleInChild(
  suite: string,
  name: string,
  quick: boolean,
  main: string = MAIN,
): Promise<ChildReport> {
  return new Promise((resolve, reject) => {
    const args = ['sample', suite, name, ...(quick ? ['--quick'] : [])]
    const child = fork(main, args, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_COMPILE_CACHE },
    })
    let report: ChildReport | undefined
    child.once('message', (message) => {
      report = message as ChildReport
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (report !== undefined && code === 0) resolve(report)
      else reject(new Error(`the sample ${suite} ${name} ended with ${signal ?? `code ${code}`}`))
    })
  })
}
