/// <reference types="node" />
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteWriter } from './byte-writer.ts'
import { murmur32, murmurFloat64, murmurInt32, murmurString } from './murmur.ts'
import { writeWtf8, wtf8ByteLength } from './wtf8.ts'

const seed = fc.nat({ max: 0xffffffff })

function hashWritten(write: (output: ByteWriter) => void, hashSeed: number): number {
  const output = new ByteWriter()
  write(output)
  return murmur32(output.view(), 0, output.length, hashSeed)
}

function toUnits([text, hashSeed]: (string | number)[]): [number[], number] {
  return [Array.from(String(text).split(''), (unit) => unit.charCodeAt(0)), Number(hashSeed)]
}

describe('murmur32', () => {
  it.each([
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['test', 0, 0xba6bd213],
    ['test', 0x9747b28c, 0x704b81dc],
    ['abc', 0, 0xb3dd93fa],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['aa', 0x9747b28c, 0x5d211726],
    ['Hello, world!', 0, 0xc0363e43],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
    ['ππππππππ', 0x9747b28c, 0xd58063c1],
  ])('has the published hash of %j with seed %d', (text, hashSeed, expected) => {
    expect(murmur32(new TextEncoder().encode(text), 0, undefined, hashSeed)).toBe(expected)
  })

  it('hashes the part from start to end alone', () => {
    const bytes = new TextEncoder().encode('..test..')
    expect(murmur32(bytes, 2, 6)).toBe(0xba6bd213)
  })
})

describe('the hashes without bytes', () => {
  it('equal the hash of the bytes of an int', () => {
    fc.assert(
      fc.property(fc.integer(), seed, (value, hashSeed) => {
        const expected = hashWritten((output) => output.i32(value), hashSeed)
        expect(murmurInt32(value, hashSeed)).toBe(expected)
      }),
      { seed: 1 },
    )
  })

  it('equal the hash of the bytes of a double', () => {
    const special = fc.constantFrom(Number.NaN, -0, 0, Number.POSITIVE_INFINITY, Number.MIN_VALUE)
    fc.assert(
      fc.property(fc.oneof(fc.double(), special), seed, (value, hashSeed) => {
        const expected = hashWritten((output) => output.f64(value), hashSeed)
        expect(murmurFloat64(value, hashSeed)).toBe(expected)
      }),
      { seed: 2 },
    )
  })

  it('equal the hash of the WTF-8 bytes of a string', () => {
    const unit = fc.oneof(
      fc.nat({ max: 0x7f }),
      fc.nat({ max: 0xffff }),
      fc.integer({ min: 0xd800, max: 0xdfff }),
    )
    fc.assert(
      fc.property(fc.array(unit), seed, (units, hashSeed) => {
        const value = String.fromCharCode(...units)
        const bytes = new Uint8Array(wtf8ByteLength(value))
        writeWtf8(value, bytes, 0)
        const expected = murmur32(bytes, 0, bytes.length, hashSeed)
        expect(murmurString(value, hashSeed)).toBe(expected)
      }),
      {
        seed: 3,
        numRuns: 500,
        examples: [
          ['\u{10000}a', 0],
          ['\uffff\u{10ffff}', 1],
        ].map(toUnits),
      },
    )
  })
})
