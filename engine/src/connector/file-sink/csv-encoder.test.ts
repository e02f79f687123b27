import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { SinkHarness } from '../../testing/kit/sink-harness.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { type CsvOptions, csv } from '../file/csv.ts'
import type { CsvRow } from '../file/csv-columns.ts'
import { fileSource } from '../file/file-source.ts'
import { type CsvEncoderOptions, csvEncoder } from './csv-encoder.ts'
import { fileSink } from './file-sink.ts'

interface Row {
  readonly a: string | null
  readonly b: string | null
}

async function roundTrip(
  rows: readonly Row[],
  writing: CsvEncoderOptions,
  reading: CsvOptions<CsvRow>,
  chunkSizeBytes: number = 1_000,
): Promise<SourceHarness<CsvRow, unknown, unknown>> {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/out/_folder', '')
  const sink = fileSink({ path: '/out', encode: csvEncoder<Row>(['a', 'b'], writing) })
  const sinkHarness = new SinkHarness(sink, manualEnv(fileSystem))
  for (const row of rows) sinkHarness.write(row)
  await sinkHarness.checkpoint(1)
  await sinkHarness.commit()
  const source = fileSource({ path: '/out', format: csv(reading), chunkSizeBytes })
  const env = manualEnv(fileSystem)
  return new SourceHarness<CsvRow, unknown, unknown>(source as never, env, 1).runToEnd()
}

test('what is written is read back: any fields, nulls, header, dialect, chunks (FMT-02)', async () => {
  const unit = fc.constantFrom(
    'a',
    'N',
    '"',
    '""',
    ',',
    ';',
    '\n',
    '\r\n',
    '\r',
    ' ',
    '数',
    '\ufeff',
  )
  const field = fc.option(fc.string({ unit, maxLength: 4 }), { freq: 4 })
  const dialect = fc.record({
    header: fc.boolean(),
    delimiter: fc.constantFrom(',', ';', '\t', 'a'),
    nullLiteral: fc.constantFrom('', 'N', 'NULL', '\\N'),
  })
  const property = fc.asyncProperty(
    fc.array(fc.record({ a: field, b: field }), { maxLength: 8 }),
    dialect,
    fc.integer({ min: 1, max: 20 }),
    async (rows, options, chunkSizeBytes) => {
      // A column name in the file is quoted where the delimiter is a letter of it.
      const reading = { ...options, columns: ['a', 'b'] }
      const { records, malformed } = await roundTrip(rows, options, reading, chunkSizeBytes)
      expect(malformed).toEqual([])
      expect(records).toEqual(rows)
    },
  )
  await fc.assert(property, { seed: 5, numRuns: 400 })
})

test('RFC 4180: what is quoted, and how (FMT-02)', () => {
  const encoder = csvEncoder<Row>(['a', 'b'])
  const lines: readonly [Row, string][] = [
    [{ a: 'aaa', b: 'b bb' }, 'aaa,b bb\n'],
    [{ a: 'a,a', b: 'b"b' }, '"a,a","b""b"\n'],
    [{ a: 'a\r\nb', b: '\n' }, '"a\r\nb","\n"\n'],
    [{ a: '', b: null }, '"",\n'],
  ]
  for (const [row, line] of lines) expect(encoder.encode(row)).toBe(line)
})

test('a dialect that cannot be read back is refused', () => {
  expect(() => csvEncoder([])).toThrow('a CSV file needs columns')
  expect(() => csvEncoder(['a'], { delimiter: '"' })).toThrow('delimiter and quote of a CSV file')
  expect(() => csvEncoder(['a'], { delimiter: '::' })).toThrow('one ASCII character')
  expect(() => csvEncoder(['a'], { nullLiteral: 'n,a' })).toThrow('the null literal "n,a" of a CSV')
})
