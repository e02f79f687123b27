import { expect, test, vi } from 'vitest'
import { ByteReader } from '../../base/byte-reader.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { types } from '../types.ts'

vi.mock('../../base/generated-code.ts', () => ({
  codeGenerationAllowed: false,
  runGenerated: () => {
    throw new EvalError('code generation is forbidden')
  },
}))

test('where code may not be generated a type is its own serializer, with the same bytes', () => {
  const type = types.row({ id: types.int, note: types.optional(types.string) })
  expect(type.serializer).toBe(type)
  const output = new ByteWriter()
  type.serializer.serialize({ id: -3, note: 'x' }, output)
  expect([...output.view()]).toEqual([1, 5, 1, 120])
  expect(type.serializer.deserialize(new ByteReader(output.view()))).toEqual({ id: -3, note: 'x' })
})
