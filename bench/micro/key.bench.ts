import { hashKey } from '../../engine/src/types/key-hash.ts'
import { type MicroCase, RECORDS } from './micro-case.ts'

/** The hash from which the key group of a key comes. */
export const keyCases: readonly MicroCase[] = [
  hashCase('key-hash-number', (index) => index * 7919),
  hashCase('key-hash-string', (index) => `customer-${index}`),
]

function hashCase(name: string, keyOf: (index: number) => unknown): MicroCase {
  return {
    name,
    records: RECORDS,
    prepare: () => {
      const keys = Array.from({ length: RECORDS }, (_, index) => keyOf(index))
      return () => {
        let sum = 0
        for (const key of keys) sum = (sum + hashKey(key)) >>> 0
        return sum
      }
    },
  }
}
