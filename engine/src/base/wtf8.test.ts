/// <reference types="node" />
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readWtf8, writeWtf8, wtf8ByteLength } from './wtf8.ts'

const anyString = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0xd7f0, max: 0xe010 }), // surrogates, paired and unpaired
      fc.constantFrom(0x20, 0x7f, 0x80, 0x7ff, 0x800, 0x4e2d),
    ),
  )
  .map((units) => String.fromCharCode(...units))

function encode(value: string): Uint8Array {
  const bytes = new Uint8Array(wtf8ByteLength(value))
  expect(writeWtf8(value, bytes, 0)).toBe(bytes.length)
  return bytes
}

function decode(bytes: readonly number[]): string {
  return readWtf8(Uint8Array.from(bytes), 0, bytes.length)
}

/** UTF-8 by the platform for all but unpaired surrogates, which take the three-byte form. */
function referenceBytes(value: string): number[] {
  return Array.from(value).flatMap((character) => {
    if (character.isWellFormed()) return [...new TextEncoder().encode(character)]
    const unit = character.charCodeAt(0)
    return [0xe0 + Math.floor(unit / 4096), 0x80 + (Math.floor(unit / 64) % 64), 0x80 + (unit % 64)]
  })
}

describe('WTF-8', () => {
  it('has the bytes of UTF-8 and the three-byte form of unpaired surrogates', () => {
    fc.assert(
      fc.property(anyString, (value) => {
        expect([...encode(value)]).toEqual(referenceBytes(value))
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('gives every string back', () => {
    fc.assert(
      fc.property(anyString, (value) => {
        expect(decode([...encode(value)])).toBe(value)
      }),
      { seed: 2, numRuns: 500 },
    )
  })

  it('gives long strings back, past the limit of units per call', () => {
    const long = '中文😀\ud800'.repeat(3000)
    expect(decode([...encode(long)])).toBe(long)
  })

  it('accepts only bytes that it would write', () => {
    const byte = fc.constantFrom(
      0,
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xaf,
      0xb0,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xed,
      0xef,
      0xf0,
      0xf1,
      0xf4,
      0xf5,
      0xff,
    )
    let accepted = 0
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 7 }), (bytes) => {
        let text: string
        try {
          text = decode(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'CORRUPT_DATA' })
          return
        }
        accepted++
        expect([...encode(text)]).toEqual(bytes)
      }),
      { seed: 3, numRuns: 4000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  it.each([
    ['a truncated sequence', [0x41, 0xe4, 0xb8]],
    ['a lone continuation byte', [0x80]],
    ['an overlong two-byte form', [0xc0, 0x80]],
    ['an overlong three-byte form', [0xe0, 0x80, 0x80]],
    ['an overlong four-byte form', [0xf0, 0x80, 0x80, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a surrogate pair in two units', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: 'CORRUPT_DATA' }))
  })

  it('takes a trail before a lead, and two leads: neither is a pair', () => {
    expect(decode([0xed, 0xb8, 0x80, 0xed, 0xa0, 0xbd])).toBe('\ude00\ud83d')
    expect(decode([0xed, 0xa0, 0xbd, 0xed, 0xa0, 0xbd])).toBe('\ud83d\ud83d')
  })
})
