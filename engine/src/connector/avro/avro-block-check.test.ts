/// <reference types="node" />

import * as zlib from 'node:zlib'
import avsc from 'avsc'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { nodeDecompressors } from '../../env/node/node-decompressors.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import type { FormatInput } from '../file/file-format.ts'
import { fileSource } from '../file/file-source.ts'
import { avro } from './avro.ts'
import { AvroBlockCheck } from './avro-block-check.ts'
import { avroDecompressor } from './avro-decompressor.ts'
import { avroType } from './avro-schema.ts'

const list = (items: unknown): object => ({ type: 'array', items })
const recordOf = (...fields: readonly object[]): object => ({ type: 'record', name: 'R', fields })

/** A file with one block of these bytes, put together by hand. */
function fileOf(schema: object, codec: string, recordCount: number, block: Uint8Array) {
  const sync = new Uint8Array(16).fill(7)
  const writer = new ByteWriter()
  writer.bytes(Buffer.from('Obj\x01'))
  writer.zigzag(2)
  for (const part of ['avro.schema', JSON.stringify(schema), 'avro.codec', codec]) {
    const bytes = Buffer.from(part)
    writer.zigzag(bytes.length)
    writer.bytes(bytes)
  }
  writer.zigzag(0)
  writer.bytes(sync)
  writer.zigzag(recordCount)
  writer.zigzag(block.length)
  writer.bytes(block)
  writer.bytes(sync)
  return writer.toBytes()
}

async function read(content: Uint8Array, options: object = {}): Promise<readonly unknown[]> {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a.avro', content)
  const decompressors = nodeDecompressors()
  const source = fileSource({ path: '/in', format: avro(options), decompressors })
  return (await new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()).records
}

function zigzags(...numbers: readonly number[]): Uint8Array {
  const writer = new ByteWriter()
  for (const number of numbers) writer.zigzag(number)
  return writer.toBytes()
}

test.each<[string, object, Uint8Array, string]>([
  [
    'a list of billions',
    recordOf({ name: 'tags', type: list('int') }),
    zigzags(2 ** 31, 1, 2),
    "record 0, field 'tags': a list of 2147483648 items has 2 bytes left",
  ],
  [
    'billions of nulls',
    recordOf({ name: 'tags', type: list('null') }),
    zigzags(2 ** 33, 0),
    "record 0, field 'tags': a list of 8589934592 items has 1 bytes left",
  ],
  [
    'lists of nulls that are many together',
    recordOf({ name: 'tags', type: list(list('null')) }),
    zigzags(3, 500_000, 0, 500_000, 0, 500_000, 0, 0),
    "record 0, field 'tags': a list of 500000 items has 2 bytes left",
  ],
  [
    'a map inside, with a size that goes backwards',
    recordOf({
      name: 'a',
      type: { ...recordOf({ name: 'm', type: { type: 'map', values: 'null' } }), name: 'S' },
    }),
    zigzags(-1, -9, 0, 0),
    "record 0, field 'a.m': 1 items of 1 bytes, declared as -9",
  ],
  [
    'a text longer than the file',
    recordOf({ name: 'n', type: 'int' }, { name: 's', type: 'string' }),
    zigzags(1, 2 ** 40),
    "record 0, field 's': a value of 1099511627776 bytes has 0 bytes left",
  ],
  [
    'a branch that there is not',
    recordOf({ name: 's', type: ['null', 'string'] }),
    zigzags(5),
    "record 0, field 's': the index 5 is not one of 2 branches",
  ],
  [
    'a symbol that there is not',
    recordOf({ name: 'e', type: { type: 'enum', name: 'E', symbols: ['A'] } }),
    zigzags(-1),
    "record 0, field 'e': the index -1 is not one of 1 symbols",
  ],
  [
    'an end inside a number',
    recordOf({ name: 'e', type: list('int') }),
    Uint8Array.of(2, 0x80),
    "record 0, field 'e': the block ends inside a number",
  ],
])('%s: the error names file, block, record and field', async (_name, schema, block, what) => {
  await expect(read(fileOf(schema, 'null', 1, block))).rejects.toMatchObject({
    code: 'CORRUPT_DATA',
    message: expect.stringMatching(/^cannot read \/in\/a\.avro as Avro: the block at byte \d+, /),
  })
  await expect(read(fileOf(schema, 'null', 1, block))).rejects.toThrow(`, ${what}; write the file`)
})

test.each([
  ['deflate', zlib.deflateRawSync(new Uint8Array(5_000_000))],
  ['zstandard', zlib.zstdCompressSync(new Uint8Array(5_000_000))],
])('a block of %s that decompresses to more than the limit is refused', async (codec, bytes) => {
  const input = { decompressors: nodeDecompressors() } as FormatInput
  await expect(avroDecompressor(input, codec, 1_000_000)(bytes)).rejects.toThrow(
    'it is larger than blockSizeBytesMax, 1000000 bytes',
  )
  expect(await avroDecompressor(input, codec, 5_000_000)(bytes)).toHaveLength(5_000_000)
})

test('a block that cannot be decompressed names file and block', async () => {
  const content = fileOf(recordOf(), 'deflate', 1, Uint8Array.of(7, 7, 7))
  await expect(read(content)).rejects.toThrow(
    /^cannot read \/in\/a\.avro as Avro: the block at byte \d+ cannot be decompressed \(/,
  )
})

test('a schema that holds itself, and records nested as deep as bytes allow', async () => {
  const tree = { type: 'record', name: 'T', fields: [{ name: 'next', type: ['null', 'T'] }] }
  const deep = new Uint8Array(1_000_000).fill(2)
  await expect(read(fileOf(tree, 'null', 1, deep))).rejects.toMatchObject({ code: 'CORRUPT_DATA' })
  const lists = { type: 'record', name: 'T', fields: [{ name: 'all', type: list('T') }] }
  await expect(read(fileOf(lists, 'null', 1, deep))).rejects.toMatchObject({
    code: 'CORRUPT_DATA',
    message: expect.stringContaining('record 0 is nested too deeply'),
  })
  const forEver = { type: 'record', name: 'T', fields: [{ name: 'next', type: 'T' }] }
  await expect(read(fileOf(forEver, 'null', 1, deep))).rejects.toMatchObject({
    code: 'CORRUPT_DATA',
  })
})

/** A value of every kind that a block may hold. */
const node = {
  type: 'record',
  name: 'Node',
  fields: [
    { name: 'i', type: 'long' },
    { name: 'f', type: 'float' },
    { name: 'x', type: { type: 'fixed', name: 'Four', size: 4 } },
    { name: 'e', type: { type: 'enum', name: 'E', symbols: ['A', 'B', 'C'] } },
    { name: 'u', type: ['null', 'boolean', 'string', 'double'] },
    { name: 'm', type: { type: 'map', values: ['null', 'bytes'] } },
    { name: 'children', type: { type: 'array', items: 'Node' } },
  ],
}

test('the check accepts what the library writes, to the byte, and stops no sound block', () => {
  const type = avsc.Type.forSchema(node as never, { registry: {} } as never)
  const check = new AvroBlockCheck(avroType(node))
  expect(check.isNeeded).toBe(true)
  const nodeOf = (children: fc.Arbitrary<readonly object[]>): fc.Arbitrary<object> =>
    fc.record({
      i: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
      f: fc.float({ noNaN: true }),
      x: fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
      e: fc.constantFrom('A', 'B', 'C'),
      u: fc.oneof(fc.constant(null), fc.boolean(), fc.string(), fc.double({ noNaN: true })),
      m: fc.dictionary(
        fc.string(),
        fc.option(fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes))),
        { maxKeys: 3 },
      ),
      children,
    })
  const parent = nodeOf(fc.array(nodeOf(fc.constant([])), { maxLength: 3 }))
  const value = nodeOf(fc.array(parent, { maxLength: 2 }))
  const property = fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (values) => {
    const bytes = Buffer.concat(values.map((each) => type.toBuffer(each)))
    check.check(bytes, values.length)
    expect(() => check.check(bytes.subarray(0, -1), values.length)).toThrow('record ')
  })
  fc.assert(property, { seed: 5, numRuns: 200 })
})

test('any bytes as a block are records or a corrupt file, and soon', async () => {
  const property = fc.asyncProperty(
    fc.uint8Array({ maxLength: 60 }),
    fc.integer({ min: 0, max: 3 }),
    async (block, recordCount) => {
      await read(fileOf(node, 'null', recordCount, block)).catch((error) => {
        expect(error).toMatchObject({ code: 'CORRUPT_DATA' })
      })
    },
  )
  await fc.assert(property, { seed: 6, numRuns: 400 })
})
