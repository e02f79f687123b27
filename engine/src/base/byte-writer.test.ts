/// <reference types="node" />
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { putZigzagInt } from './varint-word.ts'

/** LEB128 straight from its definition, on exact integers. */
function leb128(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128n) {
    bytes.push(Number(rest % 128n) + 128)
    rest /= 128n
  }
  return [...bytes, Number(rest)]
}

function zigzag(value: bigint): bigint {
  return value >= 0n ? value * 2n : value * -2n - 1n
}

function written(write: (output: ByteWriter) => void): number[] {
  const output = new ByteWriter(1)
  write(output)
  return [...output.toBytes()]
}

const units = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd800, max: 0xdfff })),
  { maxLength: 120 },
)

/** Short and long, of one byte a unit and of more, well-formed and not. */
const text = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 150 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  units.map((some) => String.fromCharCode(...some)),
)

describe('ByteWriter', () => {
  it('writes varints as LEB128', () => {
    const edges = [0, 127, 128, 16383, 16384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1]
    for (const value of edges) {
      expect(written((output) => output.varint(value))).toEqual(leb128(BigInt(value)))
    }
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 52 }), (value, shift) => {
        const some = Math.floor(value / 2 ** shift)
        expect(written((output) => output.varint(some))).toEqual(leb128(BigInt(some)))
      }),
      { seed: 1 },
    )
  })

  it('writes zigzag varints as LEB128 of the folded value', () => {
    const edges = [0, -1, 1, -64, 63, 64, -65, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, -(2 ** 53 - 1)]
    for (const value of edges) {
      expect(written((output) => output.zigzag(value))).toEqual(leb128(zigzag(BigInt(value))))
    }
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat({ max: 52 }), (value, shift) => {
        const some = Math.trunc(value / 2 ** shift)
        expect(written((output) => output.zigzag(some))).toEqual(leb128(zigzag(BigInt(some))))
      }),
      { seed: 2 },
    )
  })

  it.each([-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, 0.5])(
    'refuses %d as varint',
    (value) => {
      const output = new ByteWriter()
      expect(() => output.varint(value)).toThrow(expect.objectContaining({ code: 'ASSERTION' }))
      if (value === -1) return
      expect(() => output.zigzag(value)).toThrow(expect.objectContaining({ code: 'ASSERTION' }))
    },
  )

  it('writes a string as its byte length and UTF-8', () => {
    fc.assert(
      fc.property(text, (value) => {
        fc.pre(value.isWellFormed())
        const utf8 = [...new TextEncoder().encode(value)]
        const expected = [...leb128(BigInt(utf8.length)), ...utf8]
        expect(written((output) => output.string(value))).toEqual(expected)
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  it('shifts long text when its byte length takes more room than its length', () => {
    for (const length of [47, 48, 63, 64, 127, 128, 5461, 5462, 16384]) {
      for (const value of ['é'.repeat(length), '中'.repeat(length), `${'a'.repeat(length)}😀`]) {
        const bytes = Uint8Array.from(written((output) => output.string(value)))
        expect(new ByteReader(bytes).string()).toBe(value)
      }
    }
  })

  it('has one NaN', () => {
    const strange = new Float64Array(new Uint32Array([1, 0xfff80001]).buffer)[0]!
    const nan = written((output) => output.f64(Number.NaN))
    expect(nan).toEqual([0, 0, 0, 0, 0, 0, 0xf8, 0x7f])
    expect(written((output) => output.f64(strange))).toEqual(nan)
  })

  it('writes fixed-width numbers in little-endian order', () => {
    expect(written((output) => output.i32(-2))).toEqual([0xfe, 0xff, 0xff, 0xff])
    expect(written((output) => output.u32(0x04030201))).toEqual([1, 2, 3, 4])
    expect(written((output) => output.f64(1))).toEqual([0, 0, 0, 0, 0, 0, 0xf0, 0x3f])
    expect(written((output) => output.u8(257))).toEqual([1])
  })

  it('patches, truncates, and starts anew', () => {
    const output = new ByteWriter()
    output.u32(0)
    output.u8(7)
    output.patchU32(0, 0xffffffff)
    expect([...output.view()]).toEqual([255, 255, 255, 255, 7])
    expect(() => output.patchU32(2, 1)).toThrow(expect.objectContaining({ code: 'ASSERTION' }))
    output.truncate(2)
    expect(output.length).toBe(2)
    expect(() => output.truncate(3)).toThrow(expect.objectContaining({ code: 'ASSERTION' }))
    output.reset()
    expect(output.toBytes()).toHaveLength(0)
  })

  it('gives a copy that later writes leave alone, and a view that they do not', () => {
    const output = new ByteWriter()
    output.u8(1)
    const copy = output.toBytes()
    const view = output.view()
    output.reset()
    output.u8(2)
    expect(copy[0]).toBe(1)
    expect(view[0]).toBe(2)
  })
})

describe('ByteWriter and ByteReader', () => {
  const step = fc.oneof(
    fc.nat({ max: 255 }).map((value) => ({ kind: 'u8', value }) as const),
    fc.integer().map((value) => ({ kind: 'i32', value }) as const),
    fc.nat({ max: 0xffffffff }).map((value) => ({ kind: 'u32', value }) as const),
    fc.double().map((value) => ({ kind: 'f64', value }) as const),
    fc.maxSafeNat().map((value) => ({ kind: 'varint', value }) as const),
    fc.maxSafeInteger().map((value) => ({ kind: 'zigzag', value }) as const),
    text.map((value) => ({ kind: 'string', value }) as const),
  )

  it('read back any sequence of writes, to the byte', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const output = new ByteWriter(1)
        for (const { kind, value } of steps) {
          if (kind === 'string') output.string(value)
          else output[kind](value)
        }
        const input = new ByteReader(output.toBytes())
        for (const { kind, value } of steps) expect(input[kind]()).toBe(value)
        expect(() => input.expectEnd()).not.toThrow()
      }),
      { seed: 5, numRuns: 200 },
    )
  })
})

describe('room', () => {
  it('lets a loop write behind what is there, and keeps both when the buffer grows', () => {
    const output = new ByteWriter(16)
    output.string('before')
    const bytes = output.room(1_000)
    let at = output.length
    for (const value of [0, -1, 63, 64, -65, 2 ** 31 - 1, -(2 ** 31)]) {
      at = putZigzagInt(bytes, at, value)
    }
    output.extend(at)
    output.u8(9)
    const expected = new ByteWriter()
    expected.string('before')
    for (const value of [0, -1, 63, 64, -65, 2 ** 31 - 1, -(2 ** 31)]) expected.zigzag(value)
    expected.u8(9)
    expect(output.view()).toEqual(expected.view())
  })

  it('is not extended beyond the buffer or back', () => {
    const output = new ByteWriter(16)
    output.u32(1)
    expect(() => output.extend(3)).toThrow('extended within its 16 bytes, not 3')
    expect(() => output.extend(17)).toThrow('not 17')
  })
})
