/// <reference types="node" />
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64, toBase64 } from './base64.ts'

test('writes what the platform writes, and reads it back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
    }),
    { seed: 1 },
  )
})

test('refuses other text', () => {
  for (const text of ['A', 'AB', 'A===', 'A=BC', 'AB-D']) expect(fromBase64(text)).toBeUndefined()
})
