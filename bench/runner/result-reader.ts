import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BenchmarkResult } from './benchmark-result.ts'
import { resultFileFault } from './validate-result.ts'

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url))

/**
 * Reads all result files, oldest first.
 *
 * @param root the folder of all results
 * @throws Error if a file is not as the schema has it
 */
export function readResults(root: string = RESULTS): readonly BenchmarkResult[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const results = files
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => {
      const value: unknown = JSON.parse(readFileSync(join(root, file), 'utf8'))
      const fault = resultFileFault(value)
      if (fault !== undefined) throw new Error(`${file} is not as the schema has it: ${fault}`)
      return value as BenchmarkResult[]
    })
  return results.sort((left, right) => (left.startedAt < right.startedAt ? -1 : 1))
}
