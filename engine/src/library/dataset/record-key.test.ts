import { expect, test } from 'vitest'
import { keySelectorOf, requireKey } from './record-key.ts'

const identity = requireKey((key: unknown) => key, 'join')

test.each([0, '', false, 0n, [], ['a', 0], { a: '' }, new Date(0), new Uint8Array([1])])(
  'the key %o is handed on as it is',
  (key) => {
    expect(identity(key)).toBe(key)
  },
)

test.each([undefined, null, [undefined], ['a', null], { a: 1, b: null }])(
  'the key %o is refused, with what to do',
  (key) => {
    expect(() => identity(key)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/^the key of join .* filter such records out/),
      }),
    )
  },
)

test('a field, and a position in an array, is a key', () => {
  expect(keySelectorOf<{ shop: string }>('shop')({ shop: 'a' })).toBe('a')
  expect(keySelectorOf<[string, number]>(1)(['a', 7])).toBe(7)
})
