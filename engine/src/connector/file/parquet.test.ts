/// <reference types="node" />
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { parquetFixtures } from '../../../test/support/parquet-fixtures.ts'
import { keyOfSeed, Prng } from '../../base/prng.ts'
import { nodeDecompressors } from '../../env/node/node-decompressors.ts'
import { runWithRestores } from '../../testing/kit/run-with-restores.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { fileSource } from './file-source.ts'
import { parquet } from './parquet.ts'

const rows = Array.from({ length: 10 }, (_value, id) => ({
  id,
  name: id === 3 ? null : `名 ${id}`,
  amount: id * 1.5,
  big: BigInt(id) * 10_000_000_000n,
}))
const bytes = new Uint8Array(Buffer.from(parquetFixtures.SNAPPY, 'base64'))

function withFile(content: Uint8Array): MemoryFileSystem {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a.parquet', content)
  return fileSystem
}

async function read(content: Uint8Array, options: object = {}): Promise<readonly unknown[]> {
  const source = fileSource({ path: '/in', format: parquet(), ...options })
  const harness = new SourceHarness(source, manualEnv(withFile(content)), 1)
  return (await harness.runToEnd()).records
}

test.each(Object.entries(parquetFixtures))(
  'reads the rows of a %s file',
  async (_codec, base64) => {
    const content = new Uint8Array(Buffer.from(base64, 'base64'))
    expect(await read(content, { decompressors: nodeDecompressors() })).toEqual(rows)
  },
)

test('each row comes once, whatever the ranges, the parallelism and the restores', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const prng = new Prng(keyOfSeed(seed))
    const { records } = await runWithRestores(
      () => fileSource({ path: '/in', format: parquet(), splitSizeBytes: 50 + prng.below(900) }),
      manualEnv(withFile(bytes)),
      (bound) => prng.below(bound),
    )
    const sorted = [...records].sort((left, right) => Number(left['id']) - Number(right['id']))
    expect(sorted).toEqual(rows)
  }
})

test('a row group that starts where a range ends belongs to the next range alone', async () => {
  // The first row group starts at byte 4.
  expect(await read(bytes, { splitSizeBytes: 4 })).toEqual(rows)
})

test('columns may be chosen, and rows converted or left out', async () => {
  const ids = rows.map(({ id }) => ({ id }))
  expect(await read(bytes, { format: parquet({ columns: ['id'] }) })).toEqual(ids)
  const convert = (row: Readonly<Record<string, unknown>>): unknown =>
    row['name'] === null ? null : row['id']
  expect(await read(bytes, { format: parquet({ convert }) })).toEqual([0, 1, 2, 4, 5, 6, 7, 8, 9])
  const unknown = read(bytes, { format: parquet({ columns: ['id', 'nix'] }) })
  await expect(unknown).rejects.toThrow('/in/a.parquet has no column nix')
})

test('a codec without decompressors is refused with what to do', async () => {
  const content = new Uint8Array(Buffer.from(parquetFixtures.ZSTD, 'base64'))
  await expect(read(content)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('compressed with ZSTD; pass `decompressors`'),
  })
})

test('a file cut off anywhere is corrupt, and none of its rows is emitted', async () => {
  for (let length = 0; length < bytes.length; length += 1) {
    const source = fileSource({ path: '/in', format: parquet() })
    const env = manualEnv(withFile(bytes.slice(0, length)))
    const harness = new SourceHarness(source, env, 1)
    await expect(harness.runToEnd(), `${length} bytes`).rejects.toMatchObject({
      code: 'CORRUPT_DATA',
      message: expect.stringContaining('cannot read /in/a.parquet as Parquet'),
    })
    expect(harness.records).toEqual([])
  }
})

test('a damaged footer is a corrupt file or wrong values, never another kind of error', async () => {
  const footerStart =
    bytes.length - 8 - new DataView(bytes.buffer).getUint32(bytes.length - 8, true)
  let corruptCount = 0
  for (let at = footerStart; at < bytes.length; at++) {
    const damaged = bytes.slice()
    damaged[at] = (damaged[at] as number) ^ 0xff
    try {
      await read(damaged)
    } catch (error) {
      expect(error, `byte ${at}`).toMatchObject({
        code: expect.stringMatching(/^(CORRUPT_DATA|UNSUPPORTED)$/),
      })
      corruptCount++
    }
  }
  expect(corruptCount).toBeGreaterThan(100)
})

test('a damaged page is a corrupt file or wrong values, soon, and never an endless run', async () => {
  const footerStart =
    bytes.length - 8 - new DataView(bytes.buffer).getUint32(bytes.length - 8, true)
  let corruptCount = 0
  for (let at = 4; at < footerStart; at++) {
    for (const flip of [0xff, 0x80, 0x01]) {
      const damaged = bytes.slice()
      damaged[at] = (damaged[at] as number) ^ flip
      try {
        await read(damaged)
      } catch (error) {
        expect(error, `byte ${at}`).toMatchObject({
          code: expect.stringMatching(/^(CORRUPT_DATA|UNSUPPORTED)$/),
        })
        corruptCount++
      }
    }
  }
  expect(corruptCount).toBeGreaterThan(300)
}, 20_000)
