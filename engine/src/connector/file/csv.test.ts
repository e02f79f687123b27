import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { keyOfSeed, Prng } from '../../base/prng.ts'
import { runWithRestores } from '../../testing/kit/run-with-restores.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { type CsvOptions, csv } from './csv.ts'
import type { CsvRow } from './csv-columns.ts'
import { type FileSourceOptions, fileSource } from './file-source.ts'

async function read(
  content: string | Uint8Array,
  options: CsvOptions<CsvRow>,
  sourceOptions: Partial<FileSourceOptions<CsvRow>> = {},
): Promise<SourceHarness<CsvRow, unknown, unknown>> {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a.csv', content)
  const source = fileSource({ path: '/in', format: csv(options), ...sourceOptions })
  const env = manualEnv(fileSystem)
  return new SourceHarness<CsvRow, unknown, unknown>(source as never, env, 1).runToEnd()
}

function valuesOf(harness: { readonly records: readonly CsvRow[] }): readonly unknown[] {
  return harness.records.map((row) => Object.values(row))
}

const ab = { columns: ['a', 'b'] }

test.each([
  [
    'plain',
    '1,2\n3,4\n',
    [
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  [
    'CRLF, no line end at the end',
    '1,2\r\n3,4',
    [
      ['1', '2'],
      ['3', '4'],
    ],
  ],
  [
    'quotes',
    '"1","2"\n"a ""b"" c",""\n',
    [
      ['1', '2'],
      ['a "b" c', ''],
    ],
  ],
  [
    'delimiter and line breaks in quotes',
    '"x,y","1\n2\r\n3"\nz,"\n"\n',
    [
      ['x,y', '1\n2\r\n3'],
      ['z', '\n'],
    ],
  ],
  ['spaces are part of a field', ' 1 ,2 \n', [[' 1 ', '2 ']]],
  [
    'empty fields',
    ',\n"",\n',
    [
      ['', ''],
      ['', ''],
    ],
  ],
  ['a byte order mark', '\ufeff1,文\n', [['1', '文']]],
  ['nothing', '', []],
])('RFC 4180: %s', async (_name, content, expected) => {
  for (const chunkSizeBytes of [1, 2, 5, 1000]) {
    const harness = await read(content, ab, { chunkSizeBytes })
    expect(valuesOf(harness)).toEqual(expected)
    expect(harness.malformed).toEqual([])
  }
})

test('a header names the columns; some may be chosen, in any order', async () => {
  const content = 'id,"first, last",n\n1,Ann,2\n'
  const all = await read(content, { header: true })
  expect(all.records).toEqual([{ id: '1', 'first, last': 'Ann', n: '2' }])
  const some = await read(content, { header: true, columns: ['n', 'id'], types: { n: 'integer' } })
  expect(some.records).toEqual([{ n: 2, id: '1' }])
  await expect(read(content, { header: true, columns: ['nix'] })).rejects.toThrow(
    '/in/a.csv has no column nix; its header names id, first, last, n',
  )
  expect((await read('', { header: true })).records).toEqual([])
})

test('types, null literal, dialect', async () => {
  const harness = await read("7;'it\\'s; ok';TRUE;-1.5e3\nNULL;'NULL';false;NULL\n", {
    columns: ['i', 's', 'b', 'n'],
    types: { i: 'integer', b: 'boolean', n: 'number' },
    delimiter: ';',
    quote: "'",
    escape: '\\',
    nullLiteral: 'NULL',
  })
  expect(valuesOf(harness)).toEqual([
    [7, "it's; ok", true, -1500],
    [null, 'NULL', false, null],
  ])
})

test.each([
  ['too few fields', '1', '1 fields, expected 2 (a, b)'],
  ['too many fields', '1,2,3', '3 fields, expected 2'],
  ['an empty line', '', '1 fields, expected 2'],
  ['text behind a closing quote', '"1"x,2', 'Invalid Closing Quote'],
  ['a quote inside a field', '1,2"3', 'Invalid Opening Quote'],
  ['a wrong type', '1,x', 'column b holds "x", which is not an integer'],
  ['a number too large', '1,99999999999999999', 'not an integer'],
])('%s: malformed with file and line, the others are read', async (_name, line, message) => {
  for (const quotedLineBreaks of [true, false]) {
    for (const chunkSizeBytes of [1, 7, 1000]) {
      const options = { ...ab, types: { b: 'integer' }, quotedLineBreaks } as const
      const content = `文,1\n"q",2\n${line}\ny,3\n`
      const harness = await read(content, options, { chunkSizeBytes })
      expect(valuesOf(harness)).toEqual([
        ['文', 1],
        ['q', 2],
        ['y', 3],
      ])
      expect(harness.malformed).toMatchObject([{ record: line, origin: '/in/a.csv:3' }])
      expect(String(harness.malformed[0]?.cause)).toContain(message)
    }
  }
})

test('a quote inside an unquoted field opens nothing', async () => {
  const harness = await read('1,2"3\n4,5\n6,7"8\n', ab)
  expect(valuesOf(harness)).toEqual([['4', '5']])
  expect(harness.malformed).toMatchObject([{ record: '1,2"3' }, { record: '6,7"8' }])
})

test('a quote that is never closed costs one line', async () => {
  const content = '"m\nl",1\n"x,2\ny,3\nz,4\n'
  for (const chunkSizeBytes of [1, 1000]) {
    const harness = await read(content, ab, { chunkSizeBytes })
    expect(valuesOf(harness)).toEqual([
      ['m\nl', '1'],
      ['y', '3'],
      ['z', '4'],
    ])
    expect(harness.malformed).toMatchObject([{ record: '"x,2', origin: '/in/a.csv:3' }])
  }
})

test('a quote that is not closed within the limit costs one line, long before the end', async () => {
  const lines = Array.from({ length: 200 }, (_value, index) => `${index},x\n`).join('')
  const options = { ...ab, recordSizeBytesMax: 100 }
  const harness = await read(`"oops,1\n${lines}"a","b"\n`, options, { chunkSizeBytes: 16 })
  expect(harness.records.length).toBe(201)
  expect(harness.malformed).toMatchObject([{ record: '"oops,1' }])
})

test('bytes that are no UTF-8 are malformed, the other records are read', async () => {
  const harness = await read(new Uint8Array([49, 44, 50, 10, 0xff, 44, 50, 10, 51, 44, 52]), ab)
  expect(valuesOf(harness)).toEqual([
    ['1', '2'],
    ['3', '4'],
  ])
  expect(harness.malformed).toMatchObject([{ record: '\ufffd,2', origin: '/in/a.csv:2' }])
})

test('bytes that are no UTF-8 are replaced if that is asked for (FMT-14)', async () => {
  const bytes = new Uint8Array([49, 44, 50, 10, 0xff, 44, 50, 10])
  const harness = await read(bytes, { ...ab, invalidBytes: 'replace' })
  expect(valuesOf(harness)).toEqual([
    ['1', '2'],
    ['\ufffd', '2'],
  ])
  expect(harness.malformed).toEqual([])
})

test('every record comes once: any fields, chunks, ranges, parallelism and restores', async () => {
  const unit = fc.constantFrom('a', '"', ',', '\n', '\r\n', '数', '😀')
  const breaks = fc.boolean()
  const property = fc.asyncProperty(
    breaks.chain((quotedLineBreaks) => {
      const field = fc
        .string({ unit, maxLength: 5 })
        .map((text) => (quotedLineBreaks ? text : text.replace(/\r?\n/g, '')))
      const table = fc.array(fc.tuple(field, field), { maxLength: 12 })
      return fc.record({ quotedLineBreaks: fc.constant(quotedLineBreaks), table })
    }),
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 1, max: 30 }),
    fc.nat(),
    async ({ quotedLineBreaks, table }, chunkSizeBytes, splitSizeBytes, seed) => {
      // Written here by the simplest rule, so that the sink's encoder is not its own judge.
      const content = [['a', 'b'], ...table]
        .map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(','))
        .join('\r\n')
      const fileSystem = new MemoryFileSystem()
      fileSystem.put('/in/a.csv', content)
      const prng = new Prng(keyOfSeed(seed))
      const { records, malformed } = await runWithRestores(
        () =>
          fileSource({
            path: '/in',
            format: csv({ header: true, quotedLineBreaks }),
            chunkSizeBytes,
            splitSizeBytes,
          }),
        manualEnv(fileSystem),
        (bound) => prng.below(bound),
      )
      expect(malformed).toEqual([])
      const rows = records.map((row) => JSON.stringify(Object.values(row)))
      expect(rows.sort()).toEqual(table.map((row) => JSON.stringify(row)).sort())
    },
  )
  await fc.assert(property, { seed: 3, numRuns: 150 })
})

test('a format that cannot work is refused', () => {
  expect(() => csv({})).toThrow('needs `columns`')
  expect(() => csv({ ...ab, delimiter: ';;' })).toThrow('the delimiter of a CSV file is one ASCII')
  expect(() => csv({ ...ab, quote: ',' })).toThrow('are both ","')
})
