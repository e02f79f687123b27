import { readdirSync, readFileSync } from 'node:fs'

/** Ticks per second in which Linux counts the time of processes. */
const TICKS_PER_SECOND = 100

/** Page size of Linux on the platforms that are measured on. */
const PAGE_BYTES = 4_096

/** What a process takes, as `/proc/<pid>/stat` tells. */
interface ProcessUsage {
  readonly pid: number
  readonly parent: number
  readonly ticks: number
  /** Time of children that have ended and were waited for. */
  readonly reapedTicks: number
  readonly rssBytes: number
}

/** What the processes below a process take, itself aside. */
export interface DescendantUsage {
  /** User and system time; of descendants that have ended too. */
  readonly cpuSeconds: number
  readonly rssBytes: number
}

/** Reads a line of `/proc/<pid>/stat`; undefined if it is none. */
export function parseStat(line: string): ProcessUsage | undefined {
  // The name of the program stands in parentheses and may hold any character.
  const end = line.lastIndexOf(')')
  const fields = line.slice(end + 2).split(' ')
  if (end < 0 || fields.length < 22) return undefined
  const field = (place: number): number => Number(fields[place])
  return {
    pid: Number.parseInt(line, 10),
    parent: field(1),
    ticks: field(11) + field(12),
    reapedTicks: field(13) + field(14),
    rssBytes: field(21) * PAGE_BYTES,
  }
}

/** Adds up what the descendants of a process take. */
export function sumDescendants(pid: number, processes: readonly ProcessUsage[]): DescendantUsage {
  const own = processes.find((one) => one.pid === pid)
  let ticks = own?.reapedTicks ?? 0
  let rssBytes = 0
  const tree = new Set([pid])
  // A child may be listed before its parent, so look again until nothing is added.
  for (let size = 0; size < tree.size; ) {
    size = tree.size
    for (const one of processes) if (tree.has(one.parent)) tree.add(one.pid)
  }
  for (const one of processes) {
    if (one.pid === pid || !tree.has(one.pid)) continue
    ticks += one.ticks + one.reapedTicks
    rssBytes += one.rssBytes
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, rssBytes }
}

/** What the descendants of this process take; nothing where there is no `/proc`. */
export function descendantUsage(): DescendantUsage {
  return sumDescendants(process.pid, listProcesses())
}

function listProcesses(): readonly ProcessUsage[] {
  const processes: ProcessUsage[] = []
  for (const name of readNames('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const usage = parseStat(readFileSync(`/proc/${name}/stat`, 'latin1'))
      if (usage !== undefined) processes.push(usage)
    } catch {
      // The process has ended since the folder was listed.
    }
  }
  return processes
}

function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
