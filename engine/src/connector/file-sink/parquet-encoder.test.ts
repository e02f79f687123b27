import { describe, expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { sinkConformance } from '../../testing/kit/sink-conformance.ts'
import { SinkHarness } from '../../testing/kit/sink-harness.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { TestEnv } from '../../testing/test-env.ts'
import { fileSource } from '../file/file-source.ts'
import { parquet } from '../file/parquet.ts'
import { rawEncoder } from './file-encoder.ts'
import { type FileSinkOptions, fileSink } from './file-sink.ts'
import { parquetEncoder } from './parquet-encoder.ts'

async function readBack(fileSystem: MemoryFileSystem): Promise<readonly unknown[]> {
  // What nobody has written yet is no folder.
  if (!fileSystem.paths().some((path) => path.startsWith('/out/part'))) return []
  const source = fileSource({ path: '/out', format: parquet() })
  return (await new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()).records
}

const encode = parquetEncoder({
  columns: {
    id: 'integer',
    name: { type: 'string', optional: true },
    amount: 'number',
    big: 'bigint',
    ok: 'boolean',
    at: { type: 'timestamp', optional: true },
    any: { type: 'json', optional: true },
  },
  rowGroupSize: 4,
})
const rows = Array.from({ length: 11 }, (_value, id) => ({
  id,
  name: id % 3 === 0 ? null : `名 ${id}`,
  amount: id / 4,
  big: BigInt(id) * 10n ** 17n,
  ok: id % 2 === 0,
  at: 1_700_000_000_000 + id,
  any: { list: [id, null] },
}))

test('what is written is read back by the Parquet reader, over several row groups', async () => {
  const fileSystem = new MemoryFileSystem()
  const harness = new SinkHarness(fileSink({ path: '/out', encode }), manualEnv(fileSystem))
  for (const row of rows) harness.write(row)
  harness.endInput()
  await harness.checkpoint(1)
  expect(await readBack(fileSystem)).toEqual([])
  await harness.commit()
  expect(fileSystem.paths()).toHaveLength(1)
  const found = (await readBack(fileSystem)) as readonly { readonly name?: string | null }[]
  expect(found.map((row) => ({ ...row, name: row.name ?? null }))).toEqual(
    rows.map((row) => ({ ...row, id: BigInt(row.id), at: new Date(row.at) })),
  )
})

test('a value that does not fit is refused and leaves no half row behind', async () => {
  const fileSystem = new MemoryFileSystem()
  const harness = new SinkHarness(fileSink<object>({ path: '/out', encode }), manualEnv(fileSystem))
  const [good] = rows as [(typeof rows)[0]]
  const wrong = [
    { ...good, id: 1.5 },
    { ...good, ok: null },
    { ...good, big: 2n ** 63n },
    { ...good, name: 7 },
    { ...good, amount: '1' },
    { ...good, at: 'now' },
  ]
  for (const row of wrong) {
    const name = Object.keys(row).find((key) => Reflect.get(row, key) !== Reflect.get(good, key))
    expect(() => harness.write(row)).toThrow(`column '${name}' of the Parquet file got`)
  }
  await harness.checkpoint(1)
  expect(fileSystem.paths()).toEqual([])
  harness.write(good)
  await harness.checkpoint(2)
  await harness.commit()
  expect(await readBack(fileSystem)).toHaveLength(1)
})

test('a bulk format must roll at checkpoints; a file without columns is refused', () => {
  const rolling = { onCheckpoint: false }
  expect(() => fileSink({ path: '/out', encode, rolling })).toThrow('bulk format')
  expect(() => parquetEncoder({ columns: {} })).toThrow('needs columns')
  expect(() => parquetEncoder({ columns: { a: 'json' }, rowGroupSize: 0 })).toThrow('above 0')
})

test('raw bytes are written as they are', async () => {
  const fileSystem = new MemoryFileSystem()
  const sink = fileSink({ path: '/out', encode: rawEncoder() })
  const harness = new SinkHarness(sink, manualEnv(fileSystem))
  harness.write(Uint8Array.of(104, 105))
  harness.write(Uint8Array.of(10, 33))
  await harness.checkpoint(1)
  await harness.commit()
  expect(fileSystem.paths().map((path) => fileSystem.text(path))).toEqual(['hi\n!'])
})

describe.each<[string, Partial<FileSinkOptions<{ readonly id: number }>>]>([
  ['rolls at checkpoints', {}],
  [
    'rolls by size, with buckets',
    { rolling: { maxSizeBytes: 10 }, bucket: ({ id }) => `${id % 2}` },
  ],
])('a Parquet sink that %s is conformant', (_name, options) => {
  const encodeIds = parquetEncoder<{ readonly id: number }>({
    columns: { id: 'integer' },
    rowGroupSize: 2,
  })
  const cases = sinkConformance({
    makeEnv: (seed) => new TestEnv({ seed, fileSystem: new MemoryFileSystem() }),
    makeTarget: ({ fileSystem }) => fileSystem as MemoryFileSystem,
    makeSink: () => fileSink({ path: '/out', encode: encodeIds, ...options }),
    readCommitted: async (files) => {
      const visible = files.paths().filter((path) => !path.includes('/.'))
      if (visible.length === 0) return []
      const source = fileSource({ paths: visible, format: parquet() })
      const { records } = await new SourceHarness(source, manualEnv(files), 1).runToEnd()
      return records.map(({ id }) => ({ id: Number(id) }))
    },
    records: Array.from({ length: 9 }, (_value, id) => ({ id })),
  })
  for (const { name, run } of cases) test(name, run)
})
