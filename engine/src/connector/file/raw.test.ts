/// <reference types="node" />

import * as zlib from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { keyOfSeed, Prng } from '../../base/prng.ts'
import { nodeDecompressors } from '../../env/node/node-decompressors.ts'
import { runWithRestores } from '../../testing/kit/run-with-restores.ts'
import { SinkHarness } from '../../testing/kit/sink-harness.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { rawEncoder } from '../file-sink/file-encoder.ts'
import { fileSink } from '../file-sink/file-sink.ts'
import { fileSource } from './file-source.ts'
import { rawFile } from './raw-file.ts'
import { rawLines } from './raw-lines.ts'

const LINE_FEED = 10

async function written(
  records: readonly Uint8Array[],
  delimiter: Uint8Array,
): Promise<MemoryFileSystem> {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/out/_folder', '')
  const sink = fileSink({ path: '/out', encode: rawEncoder({ delimiter }) })
  const harness = new SinkHarness(sink, manualEnv(fileSystem))
  for (const record of records) harness.write(record)
  await harness.checkpoint(1)
  await harness.commit()
  return fileSystem
}

/** Comparable whatever the order in which ranges were read. */
const sorted = (records: readonly Uint8Array[]): readonly string[] =>
  records.map((bytes) => bytes.join()).sort()

test('raw lines come back byte by byte: any ranges, chunks, parallelism, restores (FMT-04)', async () => {
  const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(13, 0xef, 0xbb, 0xbf))
  const line = fc
    .array(byte, { maxLength: 9 })
    .map((bytes) => Uint8Array.from(bytes.filter((each) => each !== LINE_FEED)))
  const property = fc.asyncProperty(
    fc.array(line, { maxLength: 12 }),
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 1, max: 30 }),
    fc.nat(),
    async (records, splitSizeBytes, chunkSizeBytes, seed) => {
      const fileSystem = await written(records, Uint8Array.of(LINE_FEED))
      const prng = new Prng(keyOfSeed(seed))
      const format = rawLines()
      const found = await runWithRestores(
        () => fileSource({ path: '/out', format, splitSizeBytes, chunkSizeBytes }),
        manualEnv(fileSystem),
        (bound) => prng.below(bound),
      )
      expect(sorted(found.records)).toEqual(sorted(records))
    },
  )
  await fc.assert(property, { seed: 4, numRuns: 120 })
})

test('a raw file comes back byte by byte, as one record (FMT-04)', async () => {
  const property = fc.asyncProperty(
    fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 }),
    fc.integer({ min: 1, max: 30 }),
    fc.nat(),
    async (records, chunkSizeBytes, seed) => {
      const fileSystem = await written(records, new Uint8Array(0))
      fileSystem.put('/out/more', Uint8Array.of(1, LINE_FEED))
      fileSystem.put('/out/empty', '')
      const prng = new Prng(keyOfSeed(seed))
      const found = await runWithRestores(
        () => fileSource({ path: '/out', format: rawFile(), chunkSizeBytes }),
        manualEnv(fileSystem),
        (bound) => prng.below(bound),
      )
      const whole = Uint8Array.from(records.flatMap((bytes) => [...bytes]))
      const others = [Uint8Array.of(1, LINE_FEED), new Uint8Array(0)]
      expect(sorted(found.records)).toEqual(sorted([whole, ...others]))
    },
  )
  await fc.assert(property, { seed: 4, numRuns: 60 })
})

test('a record owns its bytes: the next block does not change it', async () => {
  const fileSystem = await written([Uint8Array.of(1), Uint8Array.of(2)], Uint8Array.of(LINE_FEED))
  const source = fileSource({ path: '/out', format: rawLines() })
  const { records } = await new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()
  expect(records.map(({ buffer }) => buffer.byteLength)).toEqual([1, 1])
})

test('a file beyond the limit is malformed, compressed or not; the others are read', async () => {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a', new Uint8Array(11))
  fileSystem.put('/in/b', new Uint8Array(10))
  fileSystem.put('/in/c.gz', new Uint8Array(zlib.gzipSync(new Uint8Array(2_000))))
  const decompressors = nodeDecompressors()
  const format = rawFile({ fileSizeBytesMax: 10 })
  const source = fileSource({ path: '/in', format, decompressors })
  const harness = new SourceHarness(source, manualEnv(fileSystem), 1)
  const { records, malformed } = await harness.runToEnd()
  expect(sorted(records)).toEqual(sorted([new Uint8Array(10)]))
  const advice = 'raise fileSizeBytesMax if the memory allows, or read the file with another format'
  expect(malformed).toMatchObject([
    {
      origin: '/in/a',
      cause: { message: `/in/a holds 11 bytes where one record may have 10 bytes; ${advice}` },
    },
    {
      origin: '/in/c.gz',
      cause: { message: `/in/c.gz holds more where one record may have 10 bytes; ${advice}` },
    },
  ])
  expect(() => rawFile({ fileSizeBytesMax: 0 })).toThrow('above 0')
})

test('a line beyond the limit fails the task and names file and byte', async () => {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a', 'ab\nabcdefgh\n')
  const format = rawLines({ recordSizeBytesMax: 4 })
  const source = fileSource({ path: '/in', format, chunkSizeBytes: 2 })
  await expect(new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()).rejects.toThrow(
    '/in/a, byte 3: a line is longer than 4 bytes',
  )
})
