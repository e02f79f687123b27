import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { NO_TIMESTAMP } from '../../core/record-batch.ts'
import type { Decompressors } from '../../env/decompressors.ts'
import type { FileStatus, FileSystem } from '../../env/file-system.ts'
import type { Source } from '../../operator/source/source.ts'
import {
  type Discovered,
  DiscoveringEnumerator,
  type DiscoveryState,
} from '../source-base/discovering-enumerator.ts'
import { SplitQueueEnumerator } from '../source-base/split-queue-enumerator.ts'
import { SplitReader } from '../source-base/split-reader.ts'
import { codecOf, FileFetcher } from './file-fetcher.ts'
import type { FileFormat } from './file-format.ts'
import type { FileSplit } from './file-split.ts'
import { compileGlob } from './glob.ts'
import { listFiles } from './list-files.ts'

const CHUNK_SIZE_BYTES = 128 * 1024
const SPLIT_SIZE_BYTES = 64 * 1024 * 1024
const KNOWN_FILES_MAX = 100_000

/** Options of {@link fileSource}. */
export interface FileSourceOptions<T> {
  /** A file or a folder. */
  readonly path?: string
  /** Several of them. One of `path` and `paths` is required. */
  readonly paths?: readonly string[]
  readonly format: FileFormat<T>
  /** Also reads the folders in a folder. Default true. */
  readonly recursive?: boolean
  /**
   * Which files of a folder, by the path below it: `*.csv` for its own, `**` + `/*.csv` for all.
   */
  readonly glob?: string
  /** Larger files are read in ranges of this size, if the format allows. Default 64 MiB. */
  readonly splitSizeBytes?: number
  /** How much is read at once. Default 128 KiB. */
  readonly chunkSizeBytes?: number
  /** The event time of a record in milliseconds since 1970. Default: no event time. */
  readonly timestamp?: (value: T) => number
  /**
   * Looks for new files again and again, with this pause in milliseconds: the source has no end
   * then. Default: files are listed once, and the source ends with the last of them.
   */
  readonly discoverEveryMs?: number
  /**
   * With `discoverEveryMs`: the wall time, in milliseconds since 1970, of the last look. The source
   * ends when it has read what it found until then. Default: never.
   */
  readonly discoverUntilMs?: number
  /**
   * With `discoverEveryMs`: more files than this at one time fail the job, since their names are
   * part of each checkpoint. Default 100 000.
   */
  readonly knownFilesMax?: number
  /** For compressed files (`.gz`, `.zst`, `.br`, `.deflate`) and Parquet pages. */
  readonly decompressors?: Decompressors
}

/**
 * A source of the records of files. Files are listed once, at the start; each is a split, or
 * several if it is large. Files whose names start with `.` or `_` are left out.
 *
 * With `discoverEveryMs` the paths are listed again and again. A new name is read once, also across
 * restarts; a file that is written anew under a known name is not read again, unless it was away
 * for a look in between. Move finished files into the folder; do not write them there.
 *
 * A file must not change while it is read: after a restore its size and time are compared, and a
 * file that is not the same fails the job with INPUT_CHANGED.
 *
 * ```ts
 * env.fromElements('a,1', 'b,2').sinkTo(fileSink({ path: 'in', encode: textEncoder() }))
 * await env.execute()
 *
 * const format = csv<CsvRow>({ columns: ['name', 'n'], types: { n: 'integer' } })
 * const rows = env.fromSource(fileSource({ path: 'in', format }))
 * await rows.map((row) => `${row['name']}${row['n']}`).executeAndCollect() // => ['a1', 'b2']
 * ```
 * @throws INVALID_ARGUMENT if no path is given, or the glob or a size is not valid.
 * @see FLIP-27, "Refactor Source Interface"
 */
export function fileSource<T>(
  options: FileSourceOptions<T>,
): Source<T, FileSplit, DiscoveryState<FileSplit>> {
  const { format, timestamp, decompressors } = options
  const paths = options.paths ?? (options.path === undefined ? [] : [options.path])
  const chunkSizeBytes = options.chunkSizeBytes ?? CHUNK_SIZE_BYTES
  const splitSizeBytes = options.splitSizeBytes ?? SPLIT_SIZE_BYTES
  const { discoverEveryMs = 1, knownFilesMax = 1 } = options
  requireValid(paths, { chunkSizeBytes, splitSizeBytes, discoverEveryMs, knownFilesMax })
  const listing = {
    recursive: options.recursive ?? true,
    accepts: options.glob === undefined ? () => true : compileGlob(options.glob),
  }
  const discover = async (fileSystem: FileSystem): Promise<readonly Discovered<FileSplit>[]> => {
    const files = new Map<string, FileStatus>()
    for (const path of paths) {
      for (const file of await listFiles(fileSystem, path, listing)) files.set(file.path, file)
    }
    return [...files.values()].map((file) => ({
      name: file.path,
      splits: () => splitsOf(file, format, splitSizeBytes),
    }))
  }
  const { discoverEveryMs: everyMs } = options
  const untilMs = options.discoverUntilMs ?? Number.POSITIVE_INFINITY
  const knownMax = options.knownFilesMax ?? KNOWN_FILES_MAX
  const isEndless = everyMs !== undefined && untilMs === Number.POSITIVE_INFINITY
  return {
    name: `File Source (${format.name})`,
    boundedness: isEndless ? 'unbounded' : 'bounded',
    createEnumerator: (context, restored) => {
      const { fileSystem } = context.env
      if (everyMs === undefined) {
        return new SplitQueueEnumerator(context, restored, async () =>
          (await discover(fileSystem)).flatMap(({ splits }) => splits()),
        )
      }
      const discovery = { discover: () => discover(fileSystem), everyMs, untilMs, knownMax }
      return new DiscoveringEnumerator(context, restored, discovery)
    },
    createReader: (context) => {
      const { fileSystem } = context.env
      return new SplitReader<T, FileSplit>(context, {
        open: (split) =>
          new FileFetcher(split, { fileSystem, format, chunkSizeBytes, decompressors }),
        timestampOf: timestamp ?? noTimestamp,
      })
    },
  }
}

function splitsOf<T>(
  file: FileStatus,
  format: FileFormat<T>,
  splitSizeBytes: number,
): readonly FileSplit[] {
  const { path, sizeBytes, modifiedMs } = file
  const isCompressed = format.compressible && codecOf(path) !== undefined
  const size = format.splittable && !isCompressed ? splitSizeBytes : Number.POSITIVE_INFINITY
  const splits: FileSplit[] = []
  let startBytes = 0
  do {
    const endBytes = Math.min(sizeBytes, startBytes + size)
    splits.push({ path, startBytes, endBytes, sizeBytes, modifiedMs, position: null })
    startBytes = endBytes
  } while (startBytes < sizeBytes)
  return splits
}

function requireValid(paths: readonly string[], sizes: Readonly<Record<string, number>>): void {
  if (paths.length === 0) {
    throw new EngineError(ErrorCode.INVALID_ARGUMENT, 'a file source needs `path` or `paths`')
  }
  for (const [name, value] of Object.entries(sizes)) {
    if (Number.isSafeInteger(value) && value > 0) continue
    throw new EngineError(ErrorCode.INVALID_ARGUMENT, `${name} is ${value}; it must be above 0`)
  }
}

function noTimestamp(): number {
  return NO_TIMESTAMP
}
