import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BenchmarkResult } from './benchmark-result.ts'
import { resultFileFault } from './validate-result.ts'

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url))

/**
 * Writes the results of one run of a suite to a file of their own. Old files are never changed.
 *
 * @param root the folder of all results
 * @returns the file, relative to the folder
 * @throws Error if a result is not as the schema has it, or the file exists
 */
export function writeResults(results: readonly BenchmarkResult[], root: string = RESULTS): string {
  const fault = resultFileFault(results)
  if (fault !== undefined) throw new Error(`the results are not as the schema has it: ${fault}`)
  const file = resultFile(results[0] as BenchmarkResult)
  const path = join(root, file)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`, { flag: 'wx' })
  return file
}

/** `<suite>/<date>-<commit>-<fingerprint>.json`; the date has the time of day too, in UTC. */
export function resultFile({ suite, startedAt, commit, dirty, machine }: BenchmarkResult): string {
  const date = startedAt.replaceAll(/[-:]|\.\d+/g, '')
  const code = `${commit?.slice(0, 7) ?? 'unknown'}${dirty ? '+' : ''}`
  return join(suite, `${date}-${code}-${machine.fingerprint}.json`)
}
