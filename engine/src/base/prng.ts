/**
 * A small, fast generator of pseudo-random numbers (sfc32 by Chris Doty-Humphrey: 128 bits of
 * state, passes PractRand). Not for secrets.
 *
 * A generator starts from a {@link PrngKey}; keys derive from a seed and from names, so that every
 * part of a program can have a stream of its own that no other part disturbs.
 *
 * @see https://pracrand.sourceforge.net/RNG_engines.txt
 */
export class Prng {
  #a: number
  #b: number
  #c: number
  #counter: number

  constructor(key: PrngKey) {
    this.#a = key[0] | 0
    this.#b = key[1] | 0
    this.#c = key[2] | 0
    this.#counter = key[3] | 1
    // The first outputs still show the key; the author of sfc32 asks for 12 rounds or more.
    for (let round = 0; round < 15; round++) this.u32()
  }

  /** A uniform integer of 32 bits, 0 to 4294967295. */
  u32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** A uniform number in [0, 1) with 53 random bits. */
  float(): number {
    const high = this.u32() >>> 5
    const low = this.u32() >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }

  /** A uniform integer in [0, bound), without bias; `bound` is an integer from 1 to 2^32. */
  below(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound)
    let draw = this.u32()
    while (draw >= limit) draw = this.u32()
    return draw % bound
  }
}

/** 128 bits from which a {@link Prng} starts, as four unsigned integers of 32 bits. */
export type PrngKey = readonly [number, number, number, number]

/** The key of a seed. Any number is a seed; seeds next to each other give unrelated keys. */
export function keyOfSeed(seed: number): PrngKey {
  const bits = new Uint32Array(new Float64Array([seed]).buffer)
  const low = bits[0] as number
  const high = bits[1] as number
  return finish(low ^ 0x9e3779b9, high ^ 0x243f6a88, low ^ 0xb7e15162, high ^ 0x85a308d3, 8)
}

/** The key of the sub-stream `name` under `parent`. Different names give unrelated keys. */
export function deriveKey(parent: PrngKey, name: string): PrngKey {
  let [a, b, c, d] = parent
  for (let index = 0; index < name.length; index++) {
    const unit = name.charCodeAt(index)
    a = b ^ Math.imul(a ^ unit, 0x239b961b)
    b = c ^ Math.imul(b ^ unit, 0xab0e9789)
    c = d ^ Math.imul(c ^ unit, 0x38b34ae5)
    d = a ^ Math.imul(d ^ unit, 0xa1e38b93)
  }
  return finish(a, b, c, d, name.length)
}

/** Mixes four words so that each input bit moves about half of all output bits. */
function finish(a: number, b: number, c: number, d: number, length: number): PrngKey {
  let first = a ^ length
  let second = b
  let third = c
  let fourth = d
  for (let round = 0; round < 2; round++) {
    first = mix32(first ^ fourth)
    second = mix32((second + first) | 0)
    third = mix32(third ^ second)
    fourth = mix32((fourth + third) | 0)
  }
  return [first >>> 0, second >>> 0, third >>> 0, fourth >>> 0]
}

/**
 * Scatters 32 bits: a bijection without visible structure (the last step of MurmurHash3). The
 * result is a signed integer of 32 bits.
 */
export function mix32(word: number): number {
  let mixed = word
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
