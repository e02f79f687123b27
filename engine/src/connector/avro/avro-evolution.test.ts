import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { SinkHarness } from '../../testing/kit/sink-harness.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import { fileSource } from '../file/file-source.ts'
import { fileSink } from '../file-sink/file-sink.ts'
import { avro } from './avro.ts'
import { avroEncoder } from './avro-encoder.ts'
import type { AvroSchema } from './avro-schema.ts'

const recordOf = (...fields: readonly object[]): AvroSchema => ({
  type: 'record',
  name: 'Order',
  fields,
})
const suit = (...symbols: string[]): AvroSchema => ({ type: 'enum', name: 'Suit', symbols })

/** What was written, with which field `a`; the fields asked for; the record or the error. */
const cases: readonly [string, object, unknown, readonly object[], object | string][] = [
  ['the same', { type: 'int' }, 1, [{ name: 'a', type: 'int' }], { a: 1 }],
  [
    'an added field with default',
    { type: 'int' },
    1,
    [
      { name: 'a', type: 'int' },
      { name: 'b', type: 'string', default: 'x' },
    ],
    { a: 1, b: 'x' },
  ],
  [
    'an added field, null by default',
    { type: 'int' },
    1,
    [
      { name: 'b', type: ['null', 'int'], default: null },
      { name: 'a', type: 'int' },
    ],
    { b: null, a: 1 },
  ],
  [
    'an added field without default',
    { type: 'int' },
    1,
    [{ name: 'b', type: 'string' }],
    'no matching field for default-less Order.b',
  ],
  ['a removed field', { type: 'int' }, 1, [], {}],
  ['int to long', { type: 'int' }, 7, [{ name: 'a', type: 'long' }], { a: 7 }],
  ['int to float', { type: 'int' }, 7, [{ name: 'a', type: 'float' }], { a: 7 }],
  ['int to double', { type: 'int' }, 7, [{ name: 'a', type: 'double' }], { a: 7 }],
  ['long to double', { type: 'long' }, 2 ** 40, [{ name: 'a', type: 'double' }], { a: 2 ** 40 }],
  ['float to double', { type: 'float' }, 0.5, [{ name: 'a', type: 'double' }], { a: 0.5 }],
  [
    'long to int',
    { type: 'long' },
    1,
    [{ name: 'a', type: 'int' }],
    `field 'a': cannot read "long" as "int"`,
  ],
  ['string to bytes', { type: 'string' }, 'é', [{ name: 'a', type: 'bytes' }], { a: [195, 169] }],
  [
    'bytes to string',
    { type: 'bytes' },
    Uint8Array.of(104, 105),
    [{ name: 'a', type: 'string' }],
    { a: 'hi' },
  ],
  ['an alias', { type: 'int' }, 3, [{ name: 'n', aliases: ['a'], type: 'long' }], { n: 3 }],
  ['into a union', { type: 'int' }, 3, [{ name: 'a', type: ['null', 'long'] }], { a: 3 }],
  ['out of a union of one', { type: ['int'] }, 3, [{ name: 'a', type: 'long' }], { a: 3 }],
  [
    'a union that is narrowed',
    { type: ['null', 'int'] },
    3,
    [{ name: 'a', type: 'int' }],
    `field 'a': cannot read "null" as "int"`,
  ],
  [
    'an enum symbol that the reader lacks, with a default',
    { type: suit('HEARTS', 'STARS') },
    'STARS',
    [{ name: 'a', type: { ...suit('HEARTS', 'NONE'), default: 'NONE' } }],
    { a: 'NONE' },
  ],
  [
    'a list whose items widen',
    { type: { type: 'array', items: 'int' } },
    [1, 2],
    [{ name: 'a', type: { type: 'array', items: 'double' } }],
    { a: [1, 2] },
  ],
  [
    'a field of a record inside',
    { type: { type: 'record', name: 'Who', fields: [{ name: 'age', type: 'string' }] } },
    { age: '3' },
    [
      {
        name: 'a',
        type: { type: 'record', name: 'Who', fields: [{ name: 'age', type: 'int' }] },
      },
    ],
    `field 'a.age': cannot read "string" as "int"`,
  ],
]

test.each(cases)('evolution: %s', async (_name, written, value, fields, outcome) => {
  const fileSystem = new MemoryFileSystem()
  const encode = avroEncoder(recordOf({ name: 'a', ...written }, { name: 'z', type: 'string' }))
  const harness = new SinkHarness(fileSink({ path: '/out', encode }), manualEnv(fileSystem))
  harness.write({ a: value, z: 'behind' })
  await harness.checkpoint(1)
  await harness.commit()

  const source = fileSource({ path: '/out', format: avro({ schema: recordOf(...fields) }) })
  const read = new SourceHarness(source, manualEnv(fileSystem), 1).runToEnd()
  if (typeof outcome === 'string') {
    const path = fileSystem.paths()[0]
    await expect(read).rejects.toThrow(
      `cannot read ${path} as Avro: its schema cannot be read with the one asked for (${outcome})`,
    )
    return
  }
  const { records } = await read
  const plain = records.map((record) =>
    Object.fromEntries(
      Object.entries(record).map(([name, each]) => [
        name,
        each instanceof Uint8Array ? [...each] : each,
      ]),
    ),
  )
  expect(plain).toEqual([outcome])
})
