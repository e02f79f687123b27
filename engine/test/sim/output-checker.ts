import { TreeDirectory } from '../../src/env/file-tree.ts'
import { checkExactlyOnce } from '../../src/testing/exactly-once-oracle.ts'
import type { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import type { SimDisk } from '../../src/testing/sim/sim-disk.ts'
import { OUTPUT_FOLDER } from './crash-folders.ts'

const decoder = new TextDecoder()

/**
 * Compares what readers of the output see with the reference: at any time no more than its lines,
 * and nothing that was visible goes away again; at the end all of it.
 */
export class OutputChecker {
  readonly #expected: readonly string[]
  readonly #sinks: readonly ('file' | 'log')[]
  readonly #log: FakeTransactionLog<string>
  readonly #disk: SimDisk
  /** Visible files by path, as they were when last looked at. */
  #files: ReadonlyMap<string, string> = new Map()
  #logCount = -1

  constructor(
    expected: readonly string[],
    sinks: readonly ('file' | 'log')[],
    log: FakeTransactionLog<string>,
    disk: SimDisk,
  ) {
    this.#expected = expected
    this.#sinks = sinks
    this.#log = log
    this.#disk = disk
  }

  /** Looks at the output while the job runs. Returns what is wrong, if something is. */
  look(): string | undefined {
    return this.#lookAtLog() ?? this.#lookAtFiles()
  }

  /**
   * The machine has lost power. A file that had become visible a moment ago may be hidden again,
   * until the restarted job commits it once more.
   */
  powerFailed(): void {
    this.#files = new Map()
  }

  /** What is wrong with the output of the finished job. */
  atEnd(): readonly string[] {
    return this.#sinks.flatMap((kind) => {
      const committed = kind === 'log' ? this.#log.committed : linesOf(visibleFiles(this.#disk))
      const report = checkExactlyOnce({ expected: this.#expected, committed, idOf: itself })
      return report.isExact ? [] : [`the output (${kind}) is not exactly once: ${report.text}`]
    })
  }

  #lookAtLog(): string | undefined {
    if (!this.#sinks.includes('log')) return undefined
    const count = this.#log.committedTransactions.length
    if (count === this.#logCount) return undefined
    this.#logCount = count
    return this.#excess('log', this.#log.committed)
  }

  #lookAtFiles(): string | undefined {
    if (!this.#sinks.includes('file')) return undefined
    const files = visibleFiles(this.#disk)
    for (const [path, text] of this.#files) {
      if (files.get(path) !== text) return `${path} was visible and is changed or gone`
    }
    if (files.size === this.#files.size) return undefined
    this.#files = files
    return this.#excess('file', linesOf(files))
  }

  #excess(kind: string, committed: readonly string[]): string | undefined {
    const expected = this.#expected
    const report = checkExactlyOnce({ expected, committed, idOf: itself, drained: false })
    return report.isExact ? undefined : `too much is visible (${kind}): ${report.text}`
  }
}

/** Files that readers of the file sink look at, with their text. */
function visibleFiles(disk: SimDisk): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const folder = disk.tree.find(OUTPUT_FOLDER)
  if (!(folder instanceof TreeDirectory)) return files
  for (const [name, node] of folder.entries) {
    if (name.startsWith('.') || node instanceof TreeDirectory) continue
    files.set(`${OUTPUT_FOLDER}/${name}`, decoder.decode(node.read(0, node.sizeBytes)))
  }
  return files
}

function linesOf(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files.values()].flatMap((text) => text.split('\n').slice(0, -1))
}

function itself(line: string): string {
  return line
}
