/// <reference types="node" />

import * as zlib from 'node:zlib'
import avsc from 'avsc'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import type { Env } from '../../env/env.ts'
import { nodeCompressors } from '../../env/node/node-compressors.ts'
import { nodeDecompressors } from '../../env/node/node-decompressors.ts'
import { nodeEnv } from '../../env/node/node-env.ts'
import { sinkConformance } from '../../testing/kit/sink-conformance.ts'
import { SinkHarness } from '../../testing/kit/sink-harness.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { TestEnv } from '../../testing/test-env.ts'
import { fileSource } from '../file/file-source.ts'
import { fileSink } from '../file-sink/file-sink.ts'
import { avro } from './avro.ts'
import { type AvroEncoderOptions, avroEncoder } from './avro-encoder.ts'
import type { AvroSchema } from './avro-schema.ts'

const schema: AvroSchema = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'id', type: 'int' },
    { name: 'big', type: 'long' },
    { name: 'price', type: 'double' },
    { name: 'ok', type: 'boolean' },
    { name: 'name', type: ['null', 'string'], default: null },
    { name: 'raw', type: 'bytes' },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
    { name: 'tags', type: { type: 'array', items: 'string' } },
    { name: 'counts', type: { type: 'map', values: 'int' } },
    {
      name: 'who',
      type: { type: 'record', name: 'Who', fields: [{ name: 'age', type: 'int' }] },
    },
  ],
}

interface Order {
  readonly id: number
  readonly big: number
  readonly price: number
  readonly ok: boolean
  readonly name: string | null
  readonly raw: Uint8Array
  readonly kind: string
  readonly tags: readonly string[]
  readonly counts: Readonly<Record<string, number>>
  readonly who: { readonly age: number }
}

const text = fc.string({ unit: fc.constantFrom('a', '数', '😀', '\n', '"'), maxLength: 5 })
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const order: fc.Arbitrary<Order> = fc.record({
  id: int,
  big: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
  price: fc.double({ noNaN: true }),
  ok: fc.boolean(),
  name: fc.option(text),
  raw: fc.uint8Array({ maxLength: 300 }),
  kind: fc.constantFrom('A', 'B'),
  tags: fc.array(text, { maxLength: 4 }),
  counts: fc.dictionary(text, int, { maxKeys: 3, noNullPrototype: true }),
  who: fc.record({ age: int }),
})
const [good] = fc.sample(order, { seed: 1, numRuns: 1 }) as [Order]

async function written(orders: readonly object[], options: AvroEncoderOptions = {}) {
  const fileSystem = new MemoryFileSystem()
  const encode = avroEncoder(schema, options)
  const harness = new SinkHarness(fileSink({ path: '/out', encode }), realTime(fileSystem))
  for (const each of orders) harness.write(each as never)
  await harness.checkpoint(1)
  await harness.commit()
  return fileSystem
}

/** Codecs work beside the isolate, in time that no test moves. */
function realTime(fileSystem: MemoryFileSystem): Env {
  return { ...nodeEnv({ seed: 1 }), fileSystem }
}

async function readBack(fileSystem: MemoryFileSystem): Promise<readonly Order[]> {
  const format = avro<Order>()
  const source = fileSource({ path: '/out', format, decompressors: nodeDecompressors() })
  return (await new SourceHarness(source, realTime(fileSystem), 1).runToEnd()).records
}

/** What the library itself reads: an independent reference. */
async function readByLibrary(bytes: Uint8Array): Promise<readonly Order[]> {
  const decoder = new avsc.streams.BlockDecoder({
    codecs: {
      null: (data: Buffer, done: (error: null, data: Buffer) => void) => done(null, data),
      deflate: (data: Buffer, done: (error: null, data: Buffer) => void) =>
        done(null, zlib.inflateRawSync(data)),
      zstandard: (data: Buffer, done: (error: null, data: Buffer) => void) =>
        done(null, zlib.zstdDecompressSync(data)),
    },
  } as never)
  const found: Order[] = []
  decoder.on('data', (record: Order) => found.push(record))
  decoder.end(Buffer.from(bytes))
  await new Promise((resolve, reject) => decoder.on('end', resolve).on('error', reject))
  return found
}

/** Records of the library have a class of their own, and its bytes are Buffers. */
const plain = (records: readonly Order[]): unknown =>
  records.map((record) => ({ ...record, who: { ...record.who }, raw: [...record.raw] }))

test.each(['null', 'deflate', 'zstandard'] as const)(
  'what is written with codec %s is read by another reader, and by ours',
  async (codec) => {
    const compressors = nodeCompressors()
    const property = fc.asyncProperty(
      fc.array(order, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 800 }),
      async (orders, blockSizeBytes) => {
        const fileSystem = await written(orders, { codec, compressors, blockSizeBytes })
        const [path] = fileSystem.paths() as [string]
        expect(plain(await readByLibrary(fileSystem.bytes(path)))).toEqual(plain(orders))
        expect(plain(await readBack(fileSystem))).toEqual(plain(orders))
      },
    )
    await fc.assert(property, { seed: 7, numRuns: 60 })
  },
)

test('defaults stand in, fields that the schema lacks are left out', async () => {
  const { name: _name, ...nameless } = good
  const fileSystem = await written([{ ...nameless, more: 1 }])
  expect(plain(await readBack(fileSystem))).toEqual(plain([{ ...good, name: null }]))
})

test.each<[string, object]>([
  ["field 'id' got 1.5, which is not of the Avro type int", { id: 1.5 }],
  [`field 'id' got "7", which is not of the Avro type int`, { id: '7' }],
  ["field 'id' got 2147483648, which is not of the Avro type int", { id: 2 ** 31 }],
  [`field 'big' got ${2 ** 60}, which is not of the Avro type long`, { big: 2 ** 60 }],
  ['field \'big\' got "1n", which is not of the Avro type long', { big: 1n }],
  ["field 'ok' got undefined, which is not of the Avro type boolean", { ok: undefined }],
  ["field 'name' got 7, which is not of the Avro type null or string", { name: 7 }],
  ["field 'raw' got [1], which is not of the Avro type bytes", { raw: [1] }],
  [`field 'kind' got "C", which is not of the Avro type enum shop.Kind`, { kind: 'C' }],
  ["field 'tags[1]' got 3, which is not of the Avro type string", { tags: ['a', 3] }],
  [`field 'counts.x' got "y", which is not of the Avro type int`, { counts: { x: 'y' } }],
  ["field 'who' got null, which is not of the Avro type record shop.Who", { who: null }],
  ["field 'who.age' got 0.5, which is not of the Avro type int", { who: { age: 0.5 } }],
])('a record is refused, and leaves no trace: %s', async (message, wrong) => {
  const fileSystem = new MemoryFileSystem()
  const sink = fileSink<object>({ path: '/out', encode: avroEncoder(schema) })
  const harness = new SinkHarness(sink, manualEnv(fileSystem))
  const write = (): void => harness.write({ ...good, ...wrong })
  expect(write).toThrow(expect.objectContaining({ code: 'TYPE_MISMATCH' }))
  expect(write).toThrow(`Avro record 'shop.Order': ${message}`)
  harness.write(good)
  await harness.checkpoint(1)
  await harness.commit()
  expect(plain(await readBack(fileSystem))).toEqual(plain([good]))
})

const order1 = { type: 'record', name: 'Order' }
test.each<[object, string]>([
  [{ type: 'nothing' }, 'not an Avro schema: unknown type: "nothing"'],
  [
    { ...order1, fields: [{ name: 'id', type: 'strin' }] },
    "not an Avro schema: field 'id' of record 'Order': undefined type name: strin",
  ],
  [
    { ...order1, fields: [{ name: 'id', type: 'int', default: 'x' }] },
    "not an Avro schema: field 'id' of record 'Order': incompatible field default \"x\"",
  ],
  [
    {
      ...order1,
      fields: [
        { name: 'a', type: 'int' },
        {
          name: 'who',
          type: {
            type: 'array',
            items: { type: 'record', name: 'Who', fields: [{ name: 'age', type: 'years' }] },
          },
        },
      ],
    },
    "not an Avro schema: field 'who.age' of record 'Who': undefined type name: years",
  ],
  [order1, 'non-array record fields'],
])('the schema %j is refused', (wrong, message) => {
  expect(() => avroEncoder(wrong as AvroSchema)).toThrow(message)
  expect(() => avro({ schema: wrong as AvroSchema })).toThrow(message)
})

test('codecs need compressors; unknown ones and empty blocks are refused', () => {
  expect(() => avroEncoder(schema, { codec: 'deflate' })).toThrow('pass `compressors: nodeComp')
  expect(() => avroEncoder(schema, { codec: 'snappy' as never })).toThrow('use null, deflate, zst')
  expect(() => avroEncoder(schema, { blockSizeBytes: 0 })).toThrow('above 0')
})

describe('an Avro sink is conformant', () => {
  const cases = sinkConformance({
    makeEnv: (seed) => new TestEnv({ seed, fileSystem: new MemoryFileSystem() }),
    makeTarget: ({ fileSystem }) => fileSystem as MemoryFileSystem,
    makeSink: () =>
      fileSink({
        path: '/out',
        encode: avroEncoder<{ readonly id: number }>(
          { type: 'record', name: 'Id', fields: [{ name: 'id', type: 'int' }] },
          { blockSizeBytes: 2 },
        ),
      }),
    readCommitted: async (files) => {
      const visible = files.paths().filter((path) => !path.includes('/.'))
      if (visible.length === 0) return []
      const source = fileSource({ paths: visible, format: avro<{ readonly id: number }>() })
      const { records } = await new SourceHarness(source, manualEnv(files), 1).runToEnd()
      return records.map(({ id }) => ({ id }))
    },
    records: Array.from({ length: 9 }, (_value, id) => ({ id })),
  })
  for (const { name, run } of cases) test(name, run)
})
