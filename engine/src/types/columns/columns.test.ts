import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { portableTextBytes } from '../../base/text-bytes.ts'
import { RECORD_BATCH_CAPACITY, RecordBatch } from '../../core/record-batch.ts'
import { nodeTextBytes } from '../../env/node/node-text-bytes.ts'
import { TypeRegistry } from '../type-registry.ts'
import { BatchDecoder } from './batch-decoder.ts'
import { BatchEncoder } from './batch-encoder.ts'
import { type GatherColumns, type LeafKind, OTHER_SHAPE, type ShapeLoops } from './column-kind.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { generatedLoops } from './generated-loops.ts'
import { interpretedLoops } from './interpreted-loops.ts'
import { leafCount, parseShape, type ShapeNode, shapeOf, shapeText } from './record-shape.ts'

const registry = new TypeRegistry()
const platforms = [
  ['portable', portableTextBytes],
  ['node', nodeTextBytes],
] as const

/** Values as programs have them: few shapes, many kinds. */
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('流处理', 'naïve', '\ud800', '🚀', 'x'.repeat(3_000)),
)
const scalar = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, 2 ** 31, -(2 ** 31), 1.5e300),
  text,
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.bigInt(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 5 }),
)
const name = fc.oneof(fc.constantFrom('a', 'b', 'c', 'key', 'a b', '"', '0', 'ä', 'return'))
const value = fc.letrec<{ record: unknown; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    tie('record'),
    fc.array(scalar, { maxLength: 6 }),
  ),
  record: fc.dictionary(name, tie('value'), { noNullPrototype: true, maxKeys: 5 }),
})).value

function plain(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  return fc.record(fields, { noNullPrototype: true })
}

const row = plain({ id: fc.integer(), name: text })

/** Records of a few templates, so that batches have columns. */
const records = fc
  .array(
    fc.oneof(
      plain({ id: fc.integer(), price: fc.double(), name: text, ok: fc.boolean() }),
      plain({ id: fc.integer(), at: plain({ x: scalar, y: fc.integer() }) }),
      plain({ before: fc.option(row, { nil: undefined }), after: fc.option(row) }),
      fc.tuple(text, fc.integer()),
      value,
    ),
    { minLength: 1, maxLength: 60 },
  )
  .chain((some) =>
    fc.array(fc.nat(some.length - 1), { minLength: 1, maxLength: 80 }).map((picks) => {
      return picks.map((index) => some[index])
    }),
  )
const timestamps = fc.oneof(
  fc.constant([Number.NaN]),
  fc.constant([1_700_000_000_000]),
  fc.array(fc.oneof(fc.integer(), fc.constant(Number.NaN)), { minLength: 1 }),
)

describe.each(platforms)('frames of columns, %s strings', (_, textBytes) => {
  test('property: every record comes out as it went in, batch after batch', () => {
    fc.assert(
      fc.property(
        fc.array(records, { minLength: 1, maxLength: 4 }),
        timestamps,
        (batches, times) => {
          const encoder = new BatchEncoder(textBytes, registry)
          const decoder = new BatchDecoder(textBytes, registry)
          const recycled = new RecordBatch()
          for (const values of batches) {
            const batch = new RecordBatch()
            values.forEach((item, index) => {
              batch.add(item, times[index % times.length] as number)
            })
            const frame = encoder.encode(batch)
            const decoded = decoder.decode(frame, 0, frame.length, recycled)
            expect(decoded.values.slice(0, decoded.length)).toStrictEqual(values)
            expect([...decoded.timestamps.subarray(0, decoded.length)]).toEqual([
              ...batch.timestamps.subarray(0, batch.length),
            ])
          }
        },
      ),
      { seed: 41, numRuns: 400 },
    )
  })

  test('property: damaged frames are refused or give records, and change no prototype', () => {
    const prototype = Object.getOwnPropertyNames(Object.prototype).join()
    fc.assert(
      fc.property(
        records,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1 }),
        (values, flips) => {
          const frame = new BatchEncoder(textBytes, registry).encode(RecordBatch.of(values))
          const damaged = new FrameBuffer(frame.length)
          damaged.bytes.set(frame.bytes.subarray(0, frame.length))
          for (const [at, byte] of flips) damaged.bytes[at % frame.length] = byte
          try {
            new BatchDecoder(textBytes, registry).decode(
              damaged,
              0,
              frame.length,
              new RecordBatch(),
            )
          } catch (error) {
            expect(error).toMatchObject({ code: ErrorCode.CORRUPT_DATA })
          }
          expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(prototype)
        },
      ),
      { seed: 42, numRuns: 1_000 },
    )
  })
})

test('rows within records are columns, also where some records have none', () => {
  const rowOf = (id: number): unknown => ({ id, inner: { price: id / 2 } })
  const values = Array.from({ length: 1_000 }, (_, id) => ({
    before: [undefined, null, rowOf(id)][id % 3],
    after: rowOf(id),
  }))
  const frame = new BatchEncoder(nodeTextBytes, registry).encode(RecordBatch.of(values))
  const bytes = nodeTextBytes.readAscii(frame.bytes, 0, frame.length)
  // Values of no column would name their fields; so only the announcements of two shapes do.
  expect(bytes.match(/price/g)).toHaveLength(3)
})

test('a batch above the capacity comes out whole', () => {
  const values = Array.from({ length: RECORD_BATCH_CAPACITY + 5 }, (_, id) => ({ id }))
  const frame = new BatchEncoder(nodeTextBytes, registry).encode(RecordBatch.of(values, 7))
  const decoder = new BatchDecoder(nodeTextBytes, registry)
  const decoded = decoder.decode(frame, 0, frame.length, new RecordBatch())
  expect(decoded.values.slice(0, decoded.length)).toEqual(values)
})

test('fields, entries and elements keep their order, also where no column holds them', () => {
  const deep = {
    z: 1,
    a: [{ y: 2, b: 3 }, 1, 2, 3, 4],
    m: new Map([
      ['q', 1],
      ['c', 2],
    ]),
  }
  const frame = new BatchEncoder(nodeTextBytes, registry).encode(RecordBatch.of([deep]))
  const decoder = new BatchDecoder(nodeTextBytes, registry)
  const [decoded] = decoder.decode(frame, 0, frame.length, new RecordBatch()).values
  expect(inspect(decoded)).toBe(inspect(deep))
})

test('a string that all records have crosses once, until one has another', () => {
  const encoder = new BatchEncoder(nodeTextBytes, registry)
  const decoder = new BatchDecoder(nodeTextBytes, registry)
  const send = (kinds: readonly unknown[]): string => {
    const values = kinds.map((kind, id) => ({ kind, id }))
    const frame = encoder.encode(RecordBatch.of(values))
    const decoded = decoder.decode(frame, 0, frame.length, new RecordBatch())
    expect(decoded.values.slice(0, decoded.length)).toStrictEqual(values)
    return nodeTextBytes.readAscii(frame.bytes, 0, frame.length)
  }
  const bids = new Array(100).fill('some bid')
  expect(send(bids).match(/some bid/g)).toHaveLength(1)
  expect(send(bids.toSpliced(50, 49)).match(/some bid/g)).toHaveLength(1)
  expect(send(['流处理', '流处理']).match(/some bid/g)).toBeNull()
  expect(send([...bids, 'some ask']).match(/some bid/g)).toHaveLength(100)
  expect(send([...bids, 7]).match(/some bid/g)).toHaveLength(100)
  expect(send([7, ...bids]).match(/some bid/g)).toHaveLength(100)
})

test('records that are no data are refused by name', () => {
  class Money {}
  const encode = (item: unknown): unknown =>
    new BatchEncoder(nodeTextBytes, registry).encode(RecordBatch.of([item]))
  expect(() => encode({ price: new Money() })).toThrow(/Money is a class without a serializer/)
  expect(() => encode({ call: () => 1 })).toThrow(/is not data/)
})

test('a long string in state keeps about a kilobyte alive, not its batch', () => {
  const values = Array.from({ length: 1_000 }, (_, i) => ({
    url: `https://example.org/${i}`.padEnd(60, '.'),
  }))
  const read: number[] = []
  const counting = {
    ...nodeTextBytes,
    readAscii(bytes: Uint8Array, start: number, end: number): string {
      read.push(end - start)
      return nodeTextBytes.readAscii(bytes, start, end)
    },
  }
  const frame = new BatchEncoder(nodeTextBytes, registry).encode(RecordBatch.of(values))
  new BatchDecoder(counting, registry).decode(frame, 0, frame.length, new RecordBatch())
  expect(Math.max(...read)).toBeLessThan(1_024 + 60)
})

describe('shapes', () => {
  test('property: a shape survives its text', () => {
    fc.assert(
      fc.property(value, (item) => {
        const shape = shapeOf(item)
        expect(parseShape(shapeText(shape))).toEqual(shape)
      }),
      { seed: 43 },
    )
  })

  test.each([
    '[["__proto__"],0]',
    '[["constructor"],0]',
    '[["a"]]',
    '[[1],0]',
    '7',
    '[null,[null,[null,[null,[null,0]]]]]',
    '{',
  ])('the text %s is refused', (bad) => {
    expect(() => parseShape(bad)).toThrow(expect.objectContaining({ code: ErrorCode.CORRUPT_DATA }))
  })
})

describe('generated loops equal their interpreted twins', () => {
  const kinds = (
    loops: ShapeLoops,
    shape: ShapeNode,
    rows: readonly unknown[],
    isMatched: boolean,
  ): unknown => {
    const leaves = leafCount(shape)
    const chosen: LeafKind[] = new Array(leaves).fill('int')
    const columns: GatherColumns = {
      ints: chosen.map(() => new Int32Array(rows.length)),
      doubles: chosen.map(() => new Float64Array(rows.length)),
      ends: chosen.map(() => new Int32Array(rows.length)),
      bits: chosen.map(() => new Uint8Array(rows.length)),
      values: chosen.map(() => []),
      joined: chosen.map(() => ''),
      integers: chosen.map(() => true),
    }
    const order: LeafKind[] = ['int', 'number', 'same', 'string', 'boolean', 'any']
    for (;;) {
      const refused = loops.gatherer([...chosen])(rows, rows.length, columns, isMatched)
      if (refused === OTHER_SHAPE) return { chosen, refused }
      if (refused < 0) break
      chosen[refused] = order[order.indexOf(chosen[refused] as LeafKind) + 1] as LeafKind
    }
    const used = chosen.map((kind, leaf) => {
      if (kind === 'int') return columns.ints[leaf]
      if (kind === 'number') return [columns.doubles[leaf], columns.integers[leaf]]
      if (kind === 'string') return [columns.joined[leaf], columns.ends[leaf]]
      if (kind === 'same' && rows.length > 0) return columns.joined[leaf]
      return kind === 'boolean' ? columns.bits[leaf] : columns.values[leaf]
    })
    return { chosen, used }
  }

  test('property: matching and gathering', () => {
    fc.assert(
      fc.property(records, value, (rows, other) => {
        const shape = shapeOf(rows[0])
        const generated = generatedLoops(shape)
        const interpreted = interpretedLoops(shape)
        for (const row of [...rows, other]) {
          expect(generated.matches(row)).toBe(interpreted.matches(row))
        }
        const alike = rows.filter((row) => interpreted.matches(row))
        const one = alike.slice(0, 1)
        for (const some of [alike, [...one, ...one], [...alike, other]]) {
          const isMatched = some !== alike && some.every((row) => interpreted.matches(row))
          expect(kinds(generated, shape, some, isMatched)).toStrictEqual(
            kinds(interpreted, shape, some, isMatched),
          )
        }
      }),
      { seed: 44, numRuns: 300 },
    )
  })

  test('property: building', () => {
    fc.assert(
      fc.property(
        value,
        fc.array(fc.constantFrom('int', 'double', 'boolean', 'array', 'same'), {
          minLength: 64,
          maxLength: 64,
        }),
        (item, readKinds) => {
          const shape = shapeOf(item)
          const columns = {
            bytes: Uint8Array.from({ length: 400 }, (_, i) => i % 2),
            ints: Int32Array.from({ length: 400 }, (_, i) => i * 3),
            doubles: Float64Array.from({ length: 400 }, (_, i) => i / 7),
            starts: readKinds.map((_, leaf) => leaf),
            arrays: readKinds.map((_, leaf) => [leaf, null, 'x']),
          }
          const one: unknown[] = []
          const other: unknown[] = []
          generatedLoops(shape).builder(readKinds)(3, columns, one)
          interpretedLoops(shape).builder(readKinds)(3, columns, other)
          expect(one).toStrictEqual(other)
        },
      ),
      { seed: 45, numRuns: 300 },
    )
  })
})
