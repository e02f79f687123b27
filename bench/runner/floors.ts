import type { BenchmarkResult } from './benchmark-result.ts'
import type { Floor } from './suite.ts'

/** A floor of one case against another, both of one run. */
export interface RatioFloor {
  readonly of: string
  readonly over: string
  readonly atLeast: number
  /** Records per second of the clock (the default), or per second of the processor. */
  readonly per?: 'second' | 'cpu-second'
}

/** The floor of a ratio; none if one of the cases was not measured. */
export function ratioFloor(
  results: readonly BenchmarkResult[],
  { of, over, atLeast, per = 'second' }: RatioFloor,
): readonly Floor[] {
  const rateOf = (name: string): number | undefined => {
    const result = results.find((one) => one.case === name)
    return (per === 'second' ? result?.median : result?.recordsPerCpuSecond) ?? undefined
  }
  const [left, right] = [rateOf(of), rateOf(over)]
  if (left === undefined || right === undefined) return []
  const name = `${of} over ${over}${per === 'second' ? '' : ', per CPU-second'}`
  return [{ name, atLeast, actual: left / right }]
}

/** A floor of records per second of one case; none if it was not measured. */
export function rateFloor(
  results: readonly BenchmarkResult[],
  { of, atLeast }: Pick<RatioFloor, 'of' | 'atLeast'>,
): readonly Floor[] {
  const result = results.find((one) => one.case === of)
  if (result === undefined) return []
  return [{ name: `${of}, records per second`, atLeast, actual: result.median }]
}
