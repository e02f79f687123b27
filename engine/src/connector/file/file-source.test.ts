/// <reference types="node" />
import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { keyOfSeed, Prng } from '../../base/prng.ts'
import { nodeDecompressors } from '../../env/node/node-decompressors.ts'
import { runWithRestores } from '../../testing/kit/run-with-restores.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { fileSource } from './file-source.ts'
import { jsonLines } from './json-lines.ts'
import { textLines } from './text-lines.ts'

const format = textLines()

test('folders are read recursively, in order, filtered by the glob, without hidden names', async () => {
  const fileSystem = new MemoryFileSystem()
  for (const path of ['b.csv', 'a.csv', 'x/c.csv', 'x/y/d.csv', 'x/e.txt', '.f.csv', '_g/h.csv']) {
    fileSystem.put(`/in/${path}`, path)
  }
  const read = async (options: object): Promise<readonly string[]> => {
    const source = fileSource({ path: '/in', format, ...options })
    return (await new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()).records
  }
  expect(await read({})).toEqual(['a.csv', 'b.csv', 'x/c.csv', 'x/e.txt', 'x/y/d.csv'])
  expect(await read({ recursive: false })).toEqual(['a.csv', 'b.csv'])
  expect(await read({ glob: '*.csv' })).toEqual(['a.csv', 'b.csv'])
  expect(await read({ glob: '**/*.csv' })).toEqual(['a.csv', 'b.csv', 'x/c.csv', 'x/y/d.csv'])
  expect(await read({ glob: 'x/{c,e}.*' })).toEqual(['x/c.csv', 'x/e.txt'])
  expect(await read({ path: '/in/.f.csv' })).toEqual(['.f.csv'])
  expect(await read({ paths: ['/in/x', '/in/x/y', '/in/a.csv'] })).toEqual([
    'x/c.csv',
    'x/e.txt',
    'x/y/d.csv',
    'a.csv',
  ])
})

test('a path that does not exist fails the job and says so', async () => {
  const source = fileSource({ path: '/nothing', format })
  const harness = new SourceHarness(source, manualEnv(new MemoryFileSystem()), 1)
  await expect(harness.runToEnd()).rejects.toThrow('no file or folder /nothing')
  expect(() => fileSource({ format })).toThrow('needs `path` or `paths`')
})

test.each([
  ['shrinks', 'a\n'],
  ['grows', 'a\nb\nc\nd\n'],
  ['is written again', 'x\ny\nz\n'],
])('a file that %s between checkpoint and restore is an error', async (_what, content) => {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a', 'a\nb\nc\n')
  const env = manualEnv(fileSystem)
  const source = fileSource({ path: '/in', format })
  const before = new SourceHarness(source, env, 1)
  while (before.records.length < 1) await before.step(() => 0, 1)
  const snapshot = before.snapshot()
  fileSystem.put('/in/a', content)
  const after = new SourceHarness(source, env, 1, snapshot)
  await expect(after.runToEnd()).rejects.toMatchObject({ code: 'INPUT_CHANGED' })
})

test('a file that is gone after a restore is an error', async () => {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a', 'a\nb\nc\n')
  const env = manualEnv(fileSystem)
  const source = fileSource({ path: '/in', format })
  const before = new SourceHarness(source, env, 1)
  while (before.records.length < 1) await before.step(() => 0, 1)
  await fileSystem.remove('/in/a')
  const after = new SourceHarness(source, env, 1, before.snapshot())
  await expect(after.runToEnd()).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
})

const compress = {
  gz: (text: string) => zlib.gzipSync(text),
  zst: (text: string) => zlib.zstdCompressSync(text),
  br: (text: string) => zlib.brotliCompressSync(text),
  deflate: (text: string) => zlib.deflateSync(text),
}

test.each(Object.entries(compress))('.%s files give the same lines', async (ending, pack) => {
  const lines = Array.from({ length: 300 }, (_, index) => `行 ${index} ${'x'.repeat(index % 50)}`)
  const fileSystem = new MemoryFileSystem()
  fileSystem.put(`/in/a.${ending}`, pack(`${lines.join('\n')}\n`))
  const options = { path: '/in', format, splitSizeBytes: 10, chunkSizeBytes: 37 }
  for (let seed = 0; seed < 5; seed++) {
    const prng = new Prng(keyOfSeed(seed))
    const { records } = await runWithRestores(
      () => fileSource({ ...options, decompressors: nodeDecompressors() }),
      manualEnv(fileSystem),
      (bound) => prng.below(bound),
    )
    expect(records).toEqual(lines)
  }
  const without = new SourceHarness(fileSource(options), manualEnv(fileSystem), 1)
  await expect(without.runToEnd()).rejects.toThrow('pass `decompressors`')
})

test.each(Object.entries(compress))(
  'a truncated or damaged .%s file is corrupt',
  async (ending, pack) => {
    const bytes = new Uint8Array(pack('some text that is long enough to be cut off\n'.repeat(100)))
    const damaged = bytes.slice()
    damaged.fill(0xff, 0, 12)
    for (const content of [bytes.slice(0, bytes.length - 5), damaged]) {
      const fileSystem = new MemoryFileSystem()
      fileSystem.put(`/in/a.${ending}`, content)
      const source = fileSource({ path: '/in', format, decompressors: nodeDecompressors() })
      const harness = new SourceHarness(source, manualEnv(fileSystem), 1)
      await expect(harness.runToEnd()).rejects.toMatchObject({
        code: 'CORRUPT_DATA',
        message: expect.stringContaining(`cannot decompress /in/a.${ending}`),
      })
    }
  },
)

test('JSON lines: values of every kind, empty lines left out, bad ones malformed', async () => {
  const fileSystem = new MemoryFileSystem()
  const content = '{"a":1}\r\n\n[1]\nnull\n{"a":}\n"文"\n{"a":2'
  fileSystem.put('/in/a.jsonl', content)
  const source = fileSource({ path: '/in', format: jsonLines(), chunkSizeBytes: 4 })
  const harness = await new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()
  expect(harness.records).toEqual([{ a: 1 }, [1], null, '文'])
  expect(harness.malformed.map(({ record, origin }) => [record, origin])).toEqual([
    ['{"a":}', '/in/a.jsonl:5'],
    ['{"a":2', '/in/a.jsonl:7'],
  ])
  expect(harness.malformed[0]?.cause).toBeInstanceOf(SyntaxError)
})

test('a conversion may leave a line out with null, or refuse it by throwing', async () => {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a', '1\n2\n3\n')
  const convert = (json: unknown): number | null => {
    if (json === 3) throw new Error('three is too much')
    return json === 2 ? null : (json as number)
  }
  const source = fileSource({ path: '/in', format: jsonLines({ convert }) })
  const harness = await new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()
  expect(harness.records).toEqual([1])
  expect(harness.malformed).toMatchObject([{ record: '3', origin: '/in/a:3' }])
})
