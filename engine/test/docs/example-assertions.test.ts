import { expect, test } from 'vitest'
import { EngineError, ErrorCode } from '../../src/index.ts'
import { same, throws } from './example-assertions.ts'

test('same is deep and strict equality, and names the place', () => {
  same({ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] }, 'page.md:1')
  expect(() => same([1, 2], [1, 3], 'page.md:2')).toThrow('page.md:2')
  expect(() => same({ a: undefined }, {}, 'page.md:3')).toThrow('page.md:3')
  expect(() => same(0, -0, 'page.md:4')).toThrow('page.md:4')
})

test('throws wants an error of that code or name', async () => {
  const fail = (): never => {
    throw new EngineError(ErrorCode.INVALID_CONFIG, 'planted')
  }
  await throws(fail, 'INVALID_CONFIG', 'page.md:1')
  await throws(async () => fail(), 'INVALID_CONFIG', 'page.md:2')
  await throws(() => JSON.parse('{'), 'SyntaxError', 'page.md:3')
  await expect(throws(fail, 'INVALID_ARGUMENT', 'page.md:4')).rejects.toThrow('page.md:4')
  await expect(throws(() => 1, 'INVALID_CONFIG', 'page.md:5')).rejects.toThrow('page.md:5')
})
