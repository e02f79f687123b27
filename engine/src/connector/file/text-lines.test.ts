import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { keyOfSeed, Prng } from '../../base/prng.ts'
import { runWithRestores } from '../../testing/kit/run-with-restores.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { type FileSourceOptions, fileSource } from './file-source.ts'
import { lines as linesFormat, textLines } from './text-lines.ts'

async function linesOf(
  content: string | Uint8Array,
  options: Partial<FileSourceOptions<string>> = {},
): Promise<SourceHarness<string, unknown, unknown>> {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a.txt', content)
  const source = fileSource({ path: '/in', format: textLines(), ...options })
  return new SourceHarness<string, unknown, unknown>(
    source as never,
    manualEnv(fileSystem),
    2,
  ).runToEnd()
}

test.each([
  ['a\nb\n', ['a', 'b']],
  ['a\r\nb', ['a', 'b']],
  ['\n\na', ['', '', 'a']],
  ['', []],
  ['a\rb\n', ['a\rb']],
  ['\ufeffa\n\ufeffb', ['a', '\ufeffb']],
])('lines of %j', async (content, expected) => {
  for (const chunkSizeBytes of [1, 2, 3, 1000]) {
    expect((await linesOf(content, { chunkSizeBytes })).records).toEqual(expected)
  }
})

test('every line comes once for any text, range size, chunk size, parallelism and restores', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', '数', '流', '😀', 'é', '\r'), maxLength: 6 })
  const files = fc.array(fc.tuple(fc.array(line, { maxLength: 8 }), fc.boolean()), {
    maxLength: 4,
  })
  const property = fc.asyncProperty(
    files,
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 20 }),
    fc.nat(),
    async (texts, splitSizeBytes, chunkSizeBytes, seed) => {
      const fileSystem = new MemoryFileSystem()
      fileSystem.put('/in/_hidden', 'not me')
      const expected: string[] = []
      texts.forEach(([lines, endsWithFeed], index) => {
        // What a reader of lines sees: no carriage return before the line feed or the end.
        const content = lines.join('\n') + (endsWithFeed ? '\n' : '')
        const all = content.split('\n').map((text) => text.replace(/\r$/, ''))
        if (content === '' || content.endsWith('\n')) all.pop()
        expected.push(...all)
        fileSystem.put(`/in/${index}.txt`, content)
      })
      const prng = new Prng(keyOfSeed(seed))
      const { records, malformed } = await runWithRestores(
        () => fileSource({ path: '/in', format: textLines(), splitSizeBytes, chunkSizeBytes }),
        manualEnv(fileSystem),
        (bound) => prng.below(bound),
      )
      expect([...records].sort()).toEqual(expected.sort())
      expect(malformed).toEqual([])
      expect(fileSystem.openCount).toBeLessThanOrEqual(8)
    },
  )
  await fc.assert(property, { seed: 2, numRuns: 150 })
})

test('no file stays open at the end', async () => {
  const fileSystem = new MemoryFileSystem()
  for (let i = 0; i < 5; i++) fileSystem.put(`/in/${i}`, 'a\nb\n')
  const source = fileSource({ path: '/in', format: textLines(), splitSizeBytes: 2 })
  await new SourceHarness(source, manualEnv(fileSystem), 2).runToEnd()
  await new Promise<void>((resolve) => manualEnv(fileSystem).executor.post(resolve))
  expect(fileSystem.openCount).toBe(0)
})

test('bytes that are no UTF-8 are malformed, with file and line; the other lines are read', async () => {
  const bytes = new Uint8Array([97, 10, 0xff, 0xe6, 10, 0xe6, 0x95, 0xb0, 13, 10])
  const harness = await linesOf(bytes, { chunkSizeBytes: 3 })
  expect(harness.records).toEqual(['a', '数'])
  expect(harness.malformed).toMatchObject([{ record: '\ufffd\ufffd', origin: '/in/a.txt:2' }])
})

test('bytes that are no UTF-8 are replaced if that is asked for (FMT-14)', async () => {
  const bytes = new Uint8Array([97, 10, 0xff, 0xe6, 98, 10, 0xe6, 0x95, 0xb0, 13, 10])
  for (const chunkSizeBytes of [1, 3, 100]) {
    const format = textLines({ invalidBytes: 'replace' })
    const harness = await linesOf(bytes, { format, chunkSizeBytes })
    expect(harness.records).toEqual(['a', '\ufffd\ufffdb', '数'])
    expect(harness.malformed).toEqual([])
  }
})

test('each cut through a code point leaves CJK and emoji intact (FMT-03)', async () => {
  const content = '数据流处理\n한국어 テスト\n😀👩‍👩‍👧 é\n'
  const sizeBytes = new TextEncoder().encode(content).length
  for (let chunkSizeBytes = 1; chunkSizeBytes <= sizeBytes; chunkSizeBytes++) {
    const { records } = await linesOf(content, { chunkSizeBytes, splitSizeBytes: chunkSizeBytes })
    expect([...records].sort()).toEqual(['数据流处理', '한국어 テスト', '😀👩‍👩‍👧 é'].sort())
  }
})

test('other charsets are decoded; those that cannot be cut at bytes are refused', async () => {
  const gbk = new Uint8Array([0xca, 0xfd, 10, 0xbe, 0xdd])
  const harness = await linesOf(gbk, { format: textLines({ charset: 'gbk' }), chunkSizeBytes: 1 })
  expect(harness.records).toEqual(['数', '据'])
  expect(() => textLines({ charset: 'utf-16le' })).toThrow('convert them to UTF-8')
  expect(() => textLines({ charset: 'klingon' })).toThrow('does not know the charset klingon')
})

test('a line beyond the limit fails the task and names file and byte', async () => {
  const format = textLines({ recordSizeBytesMax: 4 })
  await expect(linesOf('ab\nabcdefgh\n', { format, chunkSizeBytes: 2 })).rejects.toThrow(
    '/in/a.txt, byte 3: a line is longer than 4 bytes',
  )
})

test('a schema makes one record, none or several of a line, exactly once with restores', async () => {
  const fileSystem = new MemoryFileSystem()
  const content = ['a b c', '', 'd', 'bad e', ...new Array<string>(20).fill('x y')].join('\n')
  fileSystem.put('/in/a', content)
  const format = linesFormat<string>({
    schema: (line, out) => {
      if (line === '') return null
      const words = line.split(' ')
      for (const word of words) {
        if (word === 'e') throw new Error('no e')
        out.collect(word)
      }
      return null
    },
  })
  const expected = ['a', 'b', 'c', 'd', ...new Array<string>(20).fill('x y').join(' ').split(' ')]
  for (let seed = 0; seed < 40; seed++) {
    const prng = new Prng(keyOfSeed(seed))
    const { records, malformed } = await runWithRestores(
      () => fileSource({ path: '/in', format, chunkSizeBytes: 5 + prng.below(20) }),
      manualEnv(fileSystem),
      (bound) => prng.below(bound),
    )
    expect(records).toEqual(expected)
    expect(malformed).toMatchObject([{ record: 'bad e' }])
  }
})
