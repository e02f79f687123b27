import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { type Malformed, SourceHarness } from '../../testing/kit/source-harness.ts'
import { csv } from '../file/csv.ts'
import type { FileFormat } from '../file/file-format.ts'
import { fileSource } from '../file/file-source.ts'
import { jsonLines } from '../file/json-lines.ts'
import type { ExtraFields, RecordSchema } from './record-schema.ts'
import { parseTimestamp } from './timestamp-format.ts'

async function read(
  content: string,
  format: FileFormat<unknown>,
): Promise<{ readonly records: readonly unknown[]; readonly malformed: readonly Malformed[] }> {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/in/a', content)
  const source = fileSource({ path: '/in', format })
  return new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()
}

const schema: RecordSchema = {
  id: 'integer',
  name: { type: 'string', optional: true },
  price: { type: 'number', default: 0 },
  ok: { type: 'boolean', optional: true },
  big: { type: 'bigint', optional: true },
  at: { type: 'timestamp', optional: true },
  ms: { type: 'timestamp', format: 'epoch-ms', optional: true },
  any: { type: 'json', optional: true },
  who: { type: { fields: { age: 'integer' } }, optional: true },
  tags: { type: { listOf: 'string' }, optional: true },
}
const empty = {
  id: 1,
  name: null,
  price: 0,
  ok: null,
  big: null,
  at: null,
  ms: null,
  any: null,
  who: null,
  tags: null,
}

/** Line, and what it gives: what differs from an empty record, or the error. */
const lines: readonly [string, object | RegExp][] = [
  ['{"id":1}', {}],
  [' {"id" : 1 } ', {}],
  ['{"id":1,"extra":{"deep":[1]}}', {}],
  ['{"id":1,"name":null}', {}],
  ['{"id":1,"name":""}', { name: '' }],
  ['{"id":1,"name":"文\\u6587\\n"}', { name: '文文\n' }],
  ['{"id":1,"name":"a","name":"b"}', { name: 'b' }],
  ['{"id":1,"name":7}', /^field 'name' holds 7, which is not a string$/],
  ['{"id":1.0}', {}],
  ['{"id":1e0}', {}],
  ['{"id":-0}', { id: -0 }],
  ['{"id":1.5}', /^field 'id' holds 1.5, which is not a safe integer$/],
  ['{"id":9007199254740993}', /^field 'id' holds 9007199254740993, which is not a safe integer$/],
  ['{"id":"1"}', /^field 'id' holds "1", which is not a safe integer$/],
  ['{"id":true}', /^field 'id' holds true/],
  ['{"id":null}', /^field 'id' is null, and it is required$/],
  ['{}', /^field 'id' is missing, and it is required$/],
  ['{"ID":1}', /^field 'id' is missing/],
  ['[]', /^the record is \[\], which is not an object$/],
  ['null', /^the record is null/],
  ['7', /^the record is 7/],
  ['{"id":1', /JSON/],
  ["{'id':1}", /JSON/],
  ['{"id":01}', /JSON/],
  ['{"id":NaN}', /JSON/],
  ['{"id":1,}', /JSON/],
  ['{"id":1}{"id":2}', /JSON/],
  ['{"id":1,"price":1e400}', /^field 'price' holds null, which is not a number$/],
  ['{"id":1,"price":-1.25e2}', { price: -125 }],
  ['{"id":1,"ok":"true"}', /^field 'ok' holds "true", which is not true or false$/],
  ['{"id":1,"ok":false}', { ok: false }],
  ['{"id":1,"big":"123456789012345678901"}', { big: 123456789012345678901n }],
  ['{"id":1,"big":12}', { big: 12n }],
  ['{"id":1,"big":12345678901234567890}', { big: 12345678901234567890n }],
  ['{"id":1,"big":-9007199254740993}', { big: -9007199254740993n }],
  ['{"id":1,"big":1.5e20}', /^field 'big' holds 150000000000000000000, which is not an integer/],
  ['{"id":1,"big":9007199254740992.5}', /^field 'big' holds/],
  ['{"id":1,"any":[{"n":12345678901234567890}]}', { any: [{ n: 12345678901234567000 }] }],
  ['{"id":1,"name":12345678901234567890}', /^field 'name' holds 12345678901234567890, which/],
  ['{"id":1,"tags":[[12345678901234567890]]}', /^field 'tags\[0\]' holds \[12345678901234567/],
  ['{"id":1,"at":"2024-02-29T12:00:00Z"}', { at: Date.UTC(2024, 1, 29, 12) }],
  ['{"id":1,"at":"2024-02-29T12:00:00.1239+02:00"}', { at: Date.UTC(2024, 1, 29, 10, 0, 0, 123) }],
  ['{"id":1,"at":"2023-02-29T12:00:00Z"}', /^field 'at' holds .*format iso-8601$/],
  ['{"id":1,"at":"2024-02-29 12:00:00"}', /^field 'at' holds/],
  ['{"id":1,"at":1709208000000}', /^field 'at' holds/],
  ['{"id":1,"ms":1709208000000}', { ms: 1709208000000 }],
  ['{"id":1,"ms":"1709208000000"}', /^field 'ms' holds/],
  ['{"id":1,"any":[{"x":null}]}', { any: [{ x: null }] }],
  ['{"id":1,"who":{"age":3,"x":1}}', { who: { age: 3 } }],
  ['{"id":1,"who":{"age":"3"}}', /^field 'who.age' holds "3"/],
  ['{"id":1,"who":[]}', /^field 'who' holds \[\], which is not an object$/],
  ['{"id":1,"tags":["a",3]}', /^field 'tags\[1\]' holds 3, which is not a string$/],
  ['{"id":1,"tags":[]}', { tags: [] }],
  ['{"id":1,"__proto__":{"name":"x"}}', {}],
  ['{"id":1,"name":"a\tb"}', /control character/],
  ['{"id":1,"name":"\\ud800"}', { name: '\ud800' }],
  ['{"id":1,"name":"\\x41"}', /escape/],
  ['{"id":1,"price":0.1}', { price: 0.1 }],
  ['{"id":1,"price":12345678901234567890}', { price: 12345678901234567000 }],
  ['{"id":1,"price":Infinity}', /JSON/],
  ['{"id":1,"price":.5}', /JSON/],
  ['{"id":1,"price":+5}', /JSON/],
  ['{"id":0x10}', /JSON/],
  ['{"id":1,"id":2,"id":1}', {}],
  ['{"id":1,"who":{"age":1,"age":2}}', { who: { age: 2 } }],
  ['{"id":1,"at":"2024-12-31T23:59:60Z"}', /^field 'at' holds/],
  ['{"id":1,"any":[[[[[[1]]]]]]}', { any: [[[[[[1]]]]]] }],
  ['\ufeff{"id":1}', /JSON/],
  ['{"id":1} // one', /JSON/],
  ['undefined', /JSON/],
  ['"text"', /^the record is "text", which is not an object$/],
]

test.each(lines)('JSON %s (FMT-01)', async (line, outcome) => {
  const { records, malformed } = await read(`\n${line}\n`, jsonLines({ schema }))
  if (!(outcome instanceof RegExp)) {
    expect(malformed).toEqual([])
    expect(records).toEqual([{ ...empty, ...outcome }])
    return
  }
  expect(records).toEqual([])
  expect(malformed).toHaveLength(1)
  expect(malformed[0]?.origin).toBe('/in/a:2')
  expect(String(malformed[0]?.cause).replace(/^\w+: /, '')).toMatch(outcome)
})

test('JSON: a byte order mark at the start of the file is dropped (FMT-01)', async () => {
  const { records } = await read('\ufeff{"id":1}\n', jsonLines({ schema: { id: 'integer' } }))
  expect(records).toEqual([{ id: 1 }])
})

test('JSON: nesting is bounded, strings aside (FMT-01)', async () => {
  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
  const inString = JSON.stringify(`\\"${'['.repeat(5_000)}\\`)
  const content = [
    nested(1_000),
    nested(1_001),
    nested(1_000_000),
    '['.repeat(3_000),
    `[${inString},${inString}]`,
    '{"a":'.repeat(2_000),
  ].join('\n')
  const { records, malformed } = await read(content, jsonLines())
  expect(records).toHaveLength(2)
  const found = malformed.map(({ origin, cause }) => `${origin} ${(cause as Error).message}`)
  expect(found).toEqual([
    '/in/a:2 the record is nested deeper than 1000 levels at character 1001',
    '/in/a:3 the record is nested deeper than 1000 levels at character 1001',
    '/in/a:4 the record is nested deeper than 1000 levels at character 1001',
    '/in/a:6 the record is nested deeper than 1000 levels at character 5001',
  ])
  const flat = await read('[[1]]\n[1,2]\n', jsonLines({ nestingDepthMax: 1 }))
  expect(flat.records).toEqual([[1, 2]])
})

test('JSON: digits beyond 2^53 survive in bigint fields at any depth, and nowhere else (FMT-01)', async () => {
  const line =
    '{"a":{"ids":[12345678901234567890,1]},"n":12345678901234567890,"__proto__":{"n":1}}\n'
  const schema: RecordSchema = { a: { fields: { ids: { listOf: 'bigint' } } } }
  const { records } = await read(line, jsonLines({ schema, extraFields: 'keep' }))
  expect(records).toEqual([
    JSON.parse('{"a":0,"n":12345678901234567890,"__proto__":{"n":1}}', (key, value) =>
      key === 'a' ? { ids: [12345678901234567890n, 1n] } : value,
    ),
  ])
  const withoutSchema = await read(line, jsonLines())
  expect(withoutSchema.records).toMatchObject([{ n: Number('12345678901234567890') }])
})

test.each<[ExtraFields, unknown]>([
  ['drop', { id: 1 }],
  ['keep', { id: 1, x: 2 }],
  ['error', "the record has a field 'x' too many"],
])('extra fields: %s', async (extraFields, outcome) => {
  const format = jsonLines({ schema: { id: 'integer' }, extraFields })
  const { records, malformed } = await read('{"id":1,"x":2}\n', format)
  if (typeof outcome === 'object') expect(records).toEqual([outcome])
  else expect(malformed).toMatchObject([{ cause: { message: outcome } }])
})

test('a conversion gets the record of the schema', async () => {
  const format = jsonLines<number>({
    schema: { at: { type: 'timestamp', format: 'sql' } },
    convert: (record) => (record as { at: number }).at,
  })
  const { records } = await read('{"at":"1970-01-02 00:00:00.5"}', format)
  expect(records).toEqual([86_400_500])
})

test('CSV: texts become what the schema says; file, line and field are named', async () => {
  const csvSchema: RecordSchema = {
    id: 'integer',
    name: 'string',
    price: { type: 'number', optional: true },
    big: { type: 'bigint', default: 0n },
    ok: { type: 'boolean', optional: true },
    at: { type: 'timestamp', format: 'sql', optional: true },
    tags: { type: { listOf: 'integer' }, optional: true },
    gone: { type: 'string', optional: true },
  }
  const content = [
    'id,extra,name,price,big,ok,at,tags',
    '1,x,a,1.5,12345678901234567890,TRUE,2024-05-01 00:00:00,"[1,2]"',
    '2,x,,,,,,',
    '3,x,c,abc,,,,',
    ',x,d,,,,,',
    '5,x,e,,,yes,,',
    '6,x,f,,,,2024-13-01 00:00:00,',
    '7,x,g,,,,,"[1,""2""]"',
    '8,x,h,,,,,[',
    '9,too,few',
  ].join('\n')
  const { records, malformed } = await read(content, csv({ header: true, schema: csvSchema }))
  const none = { price: null, big: 0n, ok: null, at: null, tags: null, gone: null }
  expect(records).toEqual([
    {
      id: 1,
      name: 'a',
      price: 1.5,
      big: 12345678901234567890n,
      ok: true,
      at: Date.UTC(2024, 4, 1),
      tags: [1, 2],
      gone: null,
    },
    { id: 2, name: '', ...none },
  ])
  expect(malformed.map(({ origin, cause }) => `${origin} ${(cause as Error).message}`)).toEqual([
    '/in/a:4 field \'price\' holds "abc", which is not a number',
    "/in/a:5 field 'id' is empty, and it is required",
    '/in/a:6 field \'ok\' holds "yes", which is not true or false',
    '/in/a:7 field \'at\' holds "2024-13-01 00:00:00", which is not a timestamp of the format sql',
    '/in/a:8 field \'tags[1]\' holds "2", which is not a safe integer',
    '/in/a:9 field \'tags\' holds "[", which is not a JSON text',
    expect.stringContaining('/in/a:10 3 fields, expected 8'),
  ])
  const lacking = read('x\n1\n', csv({ header: true, schema: csvSchema }))
  await expect(lacking).rejects.toThrow('/in/a has no column id, name')
})

test('timestamps', () => {
  expect(parseTimestamp('2024-01-01T00:00:00-0130', 'iso-8601')).toBe(Date.UTC(2024, 0, 1, 1, 30))
  expect(parseTimestamp('1.5', 'epoch-s')).toBe(1_500)
  for (const wrong of ['2024-01-01T24:00:00Z', '2024-01-01T00:60:00Z', '2024-1-1T00:00:00Z', '']) {
    expect(parseTimestamp(wrong, 'iso-8601')).toBeUndefined()
  }
  expect(parseTimestamp('9e15', 'epoch-ms')).toBeUndefined()
  expect(parseTimestamp('9000000000000000', 'epoch-ms')).toBeUndefined()
})
