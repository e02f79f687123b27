import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

const corrupt = expect.objectContaining({ code: 'CORRUPT_DATA' })

function reader(...bytes: number[]): ByteReader {
  return new ByteReader(Uint8Array.from(bytes))
}

describe('ByteReader', () => {
  it('names position, wanted and left when bytes end too early', () => {
    const input = reader(1, 2, 3)
    input.u8()
    expect(() => input.u32()).toThrow('4 wanted at position 1, 2 left')
    expect(input.position).toBe(1)
  })

  it.each([
    ['u8', []],
    ['i32', [1, 2, 3]],
    ['u32', [1, 2, 3]],
    ['f64', [1, 2, 3, 4, 5, 6, 7]],
    ['varint', [0x80]],
    ['zigzag', [0xff, 0xff]],
    ['string', [3, 0x61, 0x62]],
    ['count', [2, 0]],
  ] as const)('%s refuses to read beyond the end', (method, bytes) => {
    expect(() => reader(...bytes)[method]()).toThrow(corrupt)
  })

  it.each([
    ['a padded zero', [0x80, 0x00]],
    ['a padded one', [0x81, 0x00]],
    ['2^53', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ['ten continued bytes', Array(10).fill(0xff)],
    ['continued zeros without end', Array(64).fill(0x80)],
  ])('refuses the varint %s', (_, bytes) => {
    expect(() => reader(...bytes).varint()).toThrow(corrupt)
  })

  it('refuses zigzag varints beyond the safe integers and padded ones', () => {
    // -2^53 folds to 2^54 - 1: eight bytes, the last one 0x1f
    expect(() => reader(255, 255, 255, 255, 255, 255, 255, 0x1f).zigzag()).toThrow(corrupt)
    expect(reader(0xfd, 255, 255, 255, 255, 255, 255, 0x1f).zigzag()).toBe(-(2 ** 53 - 1))
    expect(() => reader(0x80, 0x00).zigzag()).toThrow(corrupt)
  })

  it('accepts a varint only in the bytes that would be written for it', () => {
    const byte = fc.constantFrom(0, 1, 0x0f, 0x1f, 0x20, 0x7f, 0x80, 0x81, 0xff)
    fc.assert(
      fc.property(fc.array(byte, { minLength: 1, maxLength: 10 }), (bytes) => {
        for (const kind of ['varint', 'zigzag'] as const) {
          const input = reader(...bytes)
          let value: number
          try {
            value = input[kind]()
          } catch (error) {
            expect(error).toMatchObject({ code: 'CORRUPT_DATA' })
            continue
          }
          const output = new ByteWriter()
          output[kind](value)
          expect([...output.view()]).toEqual(bytes.slice(0, input.position))
        }
      }),
      { seed: 1, numRuns: 3000 },
    )
  })

  it('reads one NaN only', () => {
    expect(reader(0, 0, 0, 0, 0, 0, 0xf8, 0x7f).f64()).toBeNaN()
    expect(() => reader(1, 0, 0, 0, 0, 0, 0xf8, 0x7f).f64()).toThrow(corrupt)
    expect(() => reader(0, 0, 0, 0, 0, 0, 0xf8, 0xff).f64()).toThrow(corrupt)
  })

  it('checks a length before it allocates', () => {
    const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]
    expect(() => reader(...huge).string()).toThrow(corrupt)
    expect(() => reader(...huge).count()).toThrow(corrupt)
    expect(() => reader(1, 2).bytes(2 ** 40)).toThrow(corrupt)
    expect(() => reader(1, 2).view(-1)).toThrow(corrupt)
    expect(() => reader(1, 2).view(Number.NaN)).toThrow(corrupt)
  })

  it('refuses broken text, short or long', () => {
    expect(() => reader(2, 0x61, 0xff).string()).toThrow(corrupt)
    expect(() => reader(100, ...Array(99).fill(0x61), 0xff).string()).toThrow(corrupt)
  })

  it('keeps a byte order mark at the start of long text', () => {
    const text = `\ufeff${'a'.repeat(100)}`
    const output = new ByteWriter()
    output.string(text)
    expect(new ByteReader(output.view()).string()).toBe(text)
  })

  it('reads inside a larger buffer and stays in its part', () => {
    const all = Uint8Array.from([9, 1, 2, 3, 4, 5, 9])
    const input = new ByteReader(all.subarray(1, 6))
    expect(input.u32()).toBe(0x04030201)
    expect(input.left).toBe(1)
    expect(() => input.i32()).toThrow(corrupt)
    expect([...input.past(1, 3)]).toEqual([2, 3])
    expect(() => input.past(1, 5)).toThrow(expect.objectContaining({ code: 'ASSERTION' }))
  })

  it('copies bytes, and shares views', () => {
    const all = Uint8Array.from([1, 2])
    const input = new ByteReader(all)
    const copy = input.bytes(1)
    const view = input.view(1)
    all.fill(7)
    expect([copy[0], view[0]]).toEqual([1, 7])
  })

  it('says when bytes are left', () => {
    expect(() => reader(1).expectEnd()).toThrow('1 bytes are left')
  })
})
