/// <reference types="node" />

import * as zlib from 'node:zlib'
import avsc from 'avsc'
import { describe, expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { nodeDecompressors } from '../../env/node/node-decompressors.ts'
import { sourceConformance } from '../../testing/kit/source-conformance.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { TestEnv } from '../../testing/test-env.ts'
import { fileSource } from '../file/file-source.ts'
import { avro } from './avro.ts'

const schema = {
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'int' },
    { name: 'name', type: ['null', 'string'], default: null },
    { name: 'amount', type: 'double' },
  ],
}
const orders = Array.from({ length: 30 }, (_value, id) => ({
  id,
  name: id % 3 === 0 ? null : `名 ${id}`,
  amount: id / 4,
}))

/** The file as the library itself writes it: an independent reference. */
async function encoded(codec: string, blockSize: number): Promise<Uint8Array> {
  const type = avsc.Type.forSchema(schema as never, { registry: {} })
  const encoder = new avsc.streams.BlockEncoder(type, {
    codec,
    blockSize,
    codecs: {
      null: (bytes: Buffer, done: (error: null, bytes: Buffer) => void) => done(null, bytes),
      deflate: (bytes: Buffer, done: (error: null, bytes: Buffer) => void) =>
        done(null, zlib.deflateRawSync(bytes)),
      zstandard: (bytes: Buffer, done: (error: null, bytes: Buffer) => void) =>
        done(null, zlib.zstdCompressSync(bytes)),
      snappy: (bytes: Buffer, done: (error: null, bytes: Buffer) => void) => done(null, bytes),
    },
  } as never)
  const pieces: Buffer[] = []
  encoder.on('data', (piece: Buffer) => pieces.push(piece))
  for (const order of orders) encoder.write(order)
  encoder.end()
  await new Promise((resolve) => encoder.on('end', resolve))
  return new Uint8Array(Buffer.concat(pieces))
}

async function read(content: Uint8Array, options: object = {}, more: object = {}) {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a.avro', content)
  const source = fileSource({ path: '/in', format: avro(options), chunkSizeBytes: 50, ...more })
  const harness = await new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()
  return harness.records.map((record) => ({ ...record }))
}

test.each(['null', 'deflate', 'zstandard'])(
  'reads the records of a file with codec %s',
  async (codec) => {
    const content = await encoded(codec, 100)
    expect(await read(content, {}, { decompressors: nodeDecompressors() })).toEqual(orders)
  },
)

test('a reader schema adds defaults, drops fields and widens numbers', async () => {
  const reader = {
    type: 'record',
    name: 'Order',
    fields: [
      { name: 'id', type: 'double' },
      { name: 'currency', type: 'string', default: 'EUR' },
    ],
  }
  const found = await read(await encoded('null', 100), { schema: reader })
  expect(found).toEqual(orders.map(({ id }) => ({ id, currency: 'EUR' })))
  const unreadable = { ...reader, fields: [{ name: 'id', type: 'string' }] }
  await expect(read(await encoded('null', 100), { schema: unreadable })).rejects.toThrow(
    '/in/a.avro as Avro: its schema cannot be read with the one asked for',
  )
  expect(() => avro({ schema: { type: 'nothing' } })).toThrow('not an Avro schema')
})

test('a conversion may leave records out', async () => {
  const convert = (order: Readonly<Record<string, unknown>>) =>
    order['name'] === null ? null : order
  expect(await read(await encoded('null', 100), { convert })).toEqual(
    orders.filter(({ name }) => name !== null),
  )
})

test('a codec that is not known is refused', async () => {
  await expect(read(await encoded('snappy', 100))).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  await expect(read(await encoded('zstandard', 100))).rejects.toThrow('pass `decompressors`')
})

test('a file cut off or damaged anywhere is corrupt, or has other values, and never hangs', async () => {
  const content = await encoded('null', 100)
  let cutCount = 0
  for (let length = 0; length < content.length; length += 7) {
    const found = await read(content.slice(0, length)).catch((error) => {
      expect(error).toMatchObject({ code: 'CORRUPT_DATA' })
      cutCount++
      return []
    })
    // A file that ends between two blocks cannot be told from a shorter one.
    expect(orders.slice(0, found.length)).toEqual(found)
  }
  expect(cutCount).toBeGreaterThan(50)
  for (let at = 0; at < content.length; at += 3) {
    const damaged = content.slice()
    damaged[at] = (damaged[at] as number) ^ 0xff
    await read(damaged).catch((error) => {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(CORRUPT_DATA|UNSUPPORTED)$/) })
    })
  }
})

describe('Avro files are read exactly once', async () => {
  const content = await encoded('null', 60)
  const cases = sourceConformance({
    makeEnv: (seed) => {
      const fileSystem = new MemoryFileSystem()
      fileSystem.put('/in/a.avro', content)
      fileSystem.put('/in/b.avro', content)
      return new TestEnv({ seed, fileSystem })
    },
    makeSource: () =>
      fileSource({ path: '/in', format: avro({ convert: ({ id }) => id }), chunkSizeBytes: 40 }),
    expected: [...orders, ...orders].map(({ id }) => id),
    runCount: 6,
  })
  for (const { name, run } of cases) test(name, run)
})
