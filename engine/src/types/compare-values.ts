import { plainData } from './plain-data.ts'
import type { TypeInformation } from './type-information.ts'

const PLAIN_DATA: TypeInformation<unknown> = plainData()

/**
 * A total order of plain values of any kinds, for sorting: undefined < null < booleans < numbers <
 * bigints < strings < dates < bytes < arrays < objects. `NaN` is the greatest number. Arrays are
 * compared element by element, so they sort by several values at once.
 *
 * @throws TYPE_MISMATCH for what is not plain data, such as a function
 */
export function compareValues(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return compareNumbers(left, right)
  if (typeof left === 'string' && typeof right === 'string') {
    return left < right ? -1 : Number(left > right)
  }
  return PLAIN_DATA.compare(left, right)
}

function compareNumbers(left: number, right: number): number {
  if (left < right) return -1
  if (left > right) return 1
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
}
