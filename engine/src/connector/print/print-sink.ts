import type { Sink } from '../../operator/sink/sink.ts'

// A global of Node and browsers alike; the compiler knows only the language's own (`types: []`).
declare const console: { log(line: string): void; error(line: string): void }

/** Options of {@link printSink}. */
export interface PrintSinkOptions<T> {
  /** Stands before each line, to tell several print sinks apart. */
  readonly prefix?: string
  /** Writes to the error output. Default false. */
  readonly stderr?: boolean
  /** The line of a record. Default: strings as they are, everything else as JSON. */
  readonly format?: (value: T) => string
  /** Takes the lines. Default: the console. */
  readonly write?: (line: string) => void
}

/**
 * Prints each record on a line of its own. With a parallelism above 1 a line starts with the number
 * of the subtask, counted from 1, and `> `. A restart prints again what came after the last
 * checkpoint: at least once.
 *
 * ```ts
 * const lines: string[] = []
 * const sink = printSink<{ n: number }>({ prefix: 'n', write: (line) => void lines.push(line) })
 * env.fromElements({ n: 1 }).sinkTo(sink)
 * await env.execute()
 * lines // => ['n> {"n":1}']
 * ```
 */
export function printSink<T>(options: PrintSinkOptions<T> = {}): Sink<T> {
  const format = options.format ?? printed
  const toConsole = options.stderr === true ? printToErr : printToOut
  const write = options.write ?? toConsole
  return {
    name: options.stderr === true ? 'Print to Std. Err' : 'Print to Std. Out',
    createWriter: ({ task }) => {
      const subtask = task.parallelism > 1 ? String(task.subtaskIndex + 1) : ''
      const label = [options.prefix ?? '', subtask].filter((part) => part !== '').join(':')
      const start = label === '' ? '' : `${label}> `
      return {
        write: (value) => write(start + format(value)),
        prepareCommit: () => [],
        snapshotState: () => [],
        endInput: () => {},
        close: () => {},
      }
    },
  }
}

function printToOut(line: string): void {
  console.log(line)
}

function printToErr(line: string): void {
  console.error(line)
}

function printed(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value, withBigInts) ?? String(value)
  } catch {
    return String(value) // cyclic
  }
}

function withBigInts(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
