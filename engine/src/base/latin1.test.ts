import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readLatin1 } from './latin1.ts'

it('has one unit a byte, from start to end', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 40 }),
      fc.nat({ max: 40 }),
      fc.nat({ max: 40 }),
      (bytes, from, to) => {
        const start = Math.min(from, bytes.length)
        const end = Math.max(start, Math.min(to, bytes.length))
        const text = readLatin1(bytes, start, end)
        expect(Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))).toEqual([
          ...bytes.slice(start, end),
        ])
      },
    ),
    { seed: 1, numRuns: 300 },
  )
})
