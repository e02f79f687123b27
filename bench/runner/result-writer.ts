import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BenchmarkResult } from './benchmark-result.ts'
import { resultFileFault } from './validate-result.ts'

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url))

/**
 * The file of one run of a suite. While the run goes on it may be written again, with more results;
 * files of other runs are never changed.
 */
export class ResultFile {
  readonly #root: string
  #file: string | undefined

  /** @param root the folder of all results */
  constructor(root: string = RESULTS) {
    this.#root = root
  }

  /**
   * Writes all results that there are of the run.
   *
   * @returns the file, relative to the folder
   * @throws Error if a result is not as the schema has it, or another run has a file of that name
   */
  write(results: readonly BenchmarkResult[]): string {
    const fault = resultFileFault(results)
    if (fault !== undefined) throw new Error(`the results are not as the schema has it: ${fault}`)
    const text = `${JSON.stringify(results, undefined, 2)}\n`
    if (this.#file === undefined) {
      // Results of other engines know no commit.
      const named = results.find(({ commit }) => commit !== null) ?? results[0]
      const file = resultFile(named as BenchmarkResult)
      const path = join(this.#root, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text, { flag: 'wx' })
      this.#file = file
    } else {
      const path = join(this.#root, this.#file)
      writeFileSync(`${path}.part`, text)
      renameSync(`${path}.part`, path)
    }
    return this.#file
  }
}

/** `<suite>/<date>-<commit>-<fingerprint>.json`; the date has the time of day too, in UTC. */
export function resultFile({ suite, startedAt, commit, dirty, machine }: BenchmarkResult): string {
  const date = startedAt.replaceAll(/[-:]|\.\d+/g, '')
  const code = `${commit?.slice(0, 7) ?? 'unknown'}${dirty ? '+' : ''}`
  return join(suite, `${date}-${code}-${machine.fingerprint}.json`)
}
