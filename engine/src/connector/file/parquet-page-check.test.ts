import fc from 'fast-check'
import { parquetMetadata } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { withPageChecksums } from '../../../test/support/parquet-checksums.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { fileSource } from './file-source.ts'
import { parquet } from './parquet.ts'
import { ParquetPageCheck } from './parquet-page-check.ts'

type Column = Parameters<typeof parquetWriteBuffer>[0]['columnData'][0]

function fileOf(columnData: Column[], codec: 'SNAPPY' | 'UNCOMPRESSED'): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData, codec, rowGroupSize: 100, pageSize: 300 }))
}

async function read(content: Uint8Array): Promise<readonly Record<string, unknown>[]> {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a.parquet', content)
  const source = fileSource({ path: '/in', format: parquet() })
  return (await new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()).records
}

const texts = Array.from({ length: 150 }, (_value, n) => `shop/${n % 7}/order/${n}`)
const numbers = Array.from({ length: 150 }, (_value, n) => ((n * 7919) % 1_000) - 500)
const columns: Column[] = [
  { name: 'n', data: numbers, type: 'INT32', encoding: 'DELTA_BINARY_PACKED' },
  { name: 'l', data: numbers.map(BigInt), type: 'INT64', encoding: 'DELTA_BINARY_PACKED' },
  { name: 't', data: texts, type: 'STRING', encoding: 'DELTA_LENGTH_BYTE_ARRAY' },
  { name: 'p', data: texts, type: 'STRING', encoding: 'DELTA_BYTE_ARRAY' },
  { name: 'd', data: texts.map((text) => text.slice(0, 6)), type: 'STRING' },
]
const rows = numbers.map((n, index) => ({
  n,
  l: BigInt(n),
  t: texts[index],
  p: texts[index],
  d: texts[index]?.slice(0, 6),
}))

test.each(['SNAPPY', 'UNCOMPRESSED'] as const)(
  'sound pages pass, with checksums and without: %s',
  async (codec) => {
    const plain = fileOf(columns, codec)
    expect(await read(plain)).toEqual(rows)
    expect(await read(withPageChecksums(plain).bytes)).toEqual(rows)
  },
)

test('a column chunk whose pages lack values is refused', () => {
  const { buffer } = fileOf(columns.slice(0, 1), 'UNCOMPRESSED')
  const metadata = parquetMetadata(buffer as ArrayBuffer)
  const chunk = metadata.row_groups[0]?.columns[0]?.meta_data
  if (chunk === undefined) throw new Error('no column')
  const start = Number(chunk.data_page_offset)
  const bytes = buffer.slice(start, start + Number(chunk.total_compressed_size)) as ArrayBuffer
  new ParquetPageCheck(metadata).checkChunk(start, bytes)
  chunk.num_values = 101n
  expect(() => new ParquetPageCheck(metadata).checkChunk(start, bytes)).toThrow(
    "column 'n', pages of 100 values where there should be 101",
  )
})

test('any values in delta encodings pass', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '数'), maxLength: 6 })
  const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  const row = fc.record({ n: int, l: fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), t: text })
  const property = fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 70 }), async (all) => {
    const data: Column[] = [
      { name: 'n', data: all.map(({ n }) => n), type: 'INT32', encoding: 'DELTA_BINARY_PACKED' },
      { name: 'l', data: all.map(({ l }) => l), type: 'INT64', encoding: 'DELTA_BINARY_PACKED' },
      { name: 't', data: all.map(({ t }) => t), type: 'STRING', encoding: 'DELTA_BYTE_ARRAY' },
      {
        name: 'u',
        data: all.map(({ t }) => t),
        type: 'STRING',
        encoding: 'DELTA_LENGTH_BYTE_ARRAY',
      },
    ]
    expect(await read(fileOf(data, 'UNCOMPRESSED'))).toEqual(
      all.map(({ n, l, t }) => ({ n, l, t, u: t })),
    )
  })
  await fc.assert(property, { seed: 9, numRuns: 100 })
})

test.each(['SNAPPY', 'UNCOMPRESSED'] as const)(
  'with checksums, damage in a page is found, and the error names file and column: %s',
  async (codec) => {
    const { bytes, pages } = withPageChecksums(fileOf(columns, codec))
    expect(pages.length).toBeGreaterThan(20)
    for (const { start, end } of pages) {
      for (const at of [start, (start + end) >> 1, end - 1]) {
        const damaged = bytes.slice()
        damaged[at] = (damaged[at] as number) ^ 0x10
        const message =
          /^cannot read \/in\/a\.parquet as Parquet: column '[nltpd]', page at byte \d+: its bytes are/
        await expect(read(damaged), `byte ${at}`).rejects.toMatchObject({
          code: 'CORRUPT_DATA',
          message: expect.stringMatching(message),
        })
      }
    }
  },
)

test('without checksums, damaged delta pages are corrupt or wrong values, and soon', async () => {
  const content = fileOf(columns.slice(0, 4), 'UNCOMPRESSED')
  const footer =
    content.length - 8 - new DataView(content.buffer).getUint32(content.length - 8, true)
  let corruptCount = 0
  for (let at = 4; at < footer; at += 3) {
    for (const flip of [0xff, 0x80, 0x01]) {
      const damaged = content.slice()
      damaged[at] = (damaged[at] as number) ^ flip
      await read(damaged).catch((error) => {
        expect(error, `byte ${at}`).toMatchObject({ code: 'CORRUPT_DATA' })
        corruptCount++
      })
    }
  }
  expect(corruptCount).toBeGreaterThan(100)
}, 30_000)
