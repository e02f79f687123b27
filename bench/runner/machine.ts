import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os'
import type { Machine } from './benchmark-result.ts'

const CACHES = '/sys/devices/system/cpu/cpu0/cache'

/** Describes this machine. */
export function describeMachine(): Machine {
  const machine = {
    cpuModel: cpus()[0]?.model.trim() || 'unknown',
    logicalCores: availableParallelism(),
    memoryBytes: totalmem(),
    l2Bytes: cacheBytes(2),
    l3Bytes: cacheBytes(3),
    os: type(),
    kernel: release(),
    arch: arch(),
    virtualized: isVirtualized(),
    node: process.versions.node,
    v8: process.versions.v8,
    jdk: null,
  }
  return { fingerprint: fingerprintOf(machine), ...machine }
}

/** Eight hexadecimal digits that stand for the machine in file names. */
export function fingerprintOf(machine: Omit<Machine, 'fingerprint'>): string {
  const fields = Object.entries(machine).sort(([left], [right]) => (left < right ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 8)
}

/** Size of a cache of the first core; Linux tells, others do not. */
function cacheBytes(level: number): number | null {
  const indexes = attempt(() => readdirSync(CACHES)) ?? []
  for (const index of indexes.filter((name) => name.startsWith('index'))) {
    const read = (file: string): string => readFileSync(`${CACHES}/${index}/${file}`, 'utf8').trim()
    if (attempt(() => Number(read('level'))) !== level) continue
    const kibibytes = /^(\d+)K$/.exec(attempt(() => read('size')) ?? '')?.[1]
    if (kibibytes !== undefined) return Number(kibibytes) * 1024
  }
  return null
}

function isVirtualized(): boolean | null {
  const info = attempt(() => readFileSync('/proc/cpuinfo', 'utf8'))
  const flags = info === undefined ? undefined : /^flags\s*:(.*)$/m.exec(info)?.[1]
  return flags === undefined ? null : flags.split(' ').includes('hypervisor')
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
