import { median } from './statistics.ts'

/** How fast the machine is at the moment, by two fixed loops. */
export interface Calibration {
  /** Nanoseconds per step of an integer loop over 4 KiB. */
  readonly cpuNs: number
  /** Nanoseconds per read that depends on the one before, at random in 64 MiB. */
  readonly memoryNs: number
}

const CPU_WORDS = 1_024
const CPU_STEPS = 5_000_000
const MEMORY_WORDS = 16 * 1_024 * 1_024
const MEMORY_STEPS = 200_000

/** Each loop runs this often; the middle time counts, so that one interruption does not. */
const ROUNDS = 5

/** Two calibrations further apart than this void what was measured between them. */
const TOLERANCE = 0.1

const cpuWords = new Int32Array(CPU_WORDS)
let memoryWords: Int32Array | undefined
/** Where the last loop ended: takes up what it computed, so that it is not optimised away. */
let position = 0

/** Runs both loops; takes about a tenth of a second, the first time more. */
export function calibrate(): Calibration {
  if (memoryWords === undefined) {
    memoryWords = randomCycle(MEMORY_WORDS)
    timeRounds(memoryWords) // the loops are compiled here
  }
  return timeRounds(memoryWords)
}

/** Why what was measured between two calibrations does not count; `null` if it does. */
export function voidReason(before: Calibration, after: Calibration): string | null {
  const cpu = difference(before.cpuNs, after.cpuNs)
  const memory = difference(before.memoryNs, after.memoryNs)
  if (cpu > TOLERANCE) return `the integer loop took ${percent(cpu)} longer at one end`
  if (memory > TOLERANCE) return `the memory loop took ${percent(memory)} longer at one end`
  return null
}

/** The mean of two calibrations. */
export function between(before: Calibration, after: Calibration): Calibration {
  return {
    cpuNs: (before.cpuNs + after.cpuNs) / 2,
    memoryNs: (before.memoryNs + after.memoryNs) / 2,
  }
}

function timeRounds(words: Int32Array): Calibration {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    cpuNs: timeCpu(CPU_STEPS),
    memoryNs: timeMemory(words, MEMORY_STEPS),
  }))
  return {
    cpuNs: median(rounds.map(({ cpuNs }) => cpuNs)),
    memoryNs: median(rounds.map(({ memoryNs }) => memoryNs)),
  }
}

function timeCpu(steps: number): number {
  const startMs = performance.now()
  let x = position | 1
  for (let step = 0; step < steps; step++) {
    const index = step & (CPU_WORDS - 1)
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d) ^ (cpuWords[index] as number)
    cpuWords[index] = x
  }
  const elapsedMs = performance.now() - startMs
  position = x & (MEMORY_WORDS - 1)
  return (elapsedMs * 1e6) / steps
}

function timeMemory(words: Int32Array, steps: number): number {
  const startMs = performance.now()
  let at = position
  for (let step = 0; step < steps; step++) at = words[at] as number
  const elapsedMs = performance.now() - startMs
  position = at
  return (elapsedMs * 1e6) / steps
}

/** A permutation with one cycle over all words (Sattolo's algorithm, fixed seed). */
function randomCycle(length: number): Int32Array {
  const words = new Int32Array(length)
  for (let index = 0; index < length; index++) words[index] = index
  let x = 1
  for (let index = length - 1; index > 0; index--) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((x / 2 ** 32) * index)
    const word = words[index] as number
    words[index] = words[other] as number
    words[other] = word
  }
  return words
}

function difference(left: number, right: number): number {
  return Math.max(left, right) / Math.min(left, right) - 1
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(0)} %`
}
