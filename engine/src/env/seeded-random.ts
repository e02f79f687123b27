import { assert } from '../base/engine-error.ts'
import { deriveKey, keyOfSeed, Prng, type PrngKey } from '../base/prng.ts'
import type { Random } from './random.ts'

/**
 * A {@link Random} that follows from a key alone. Every environment uses it; only where the key
 * comes from differs: a seed in tests, the system's entropy otherwise. Not for secrets.
 */
export class SeededRandom implements Random {
  readonly #key: PrngKey
  readonly #prng: Prng
  readonly #buggify: (point: string) => boolean

  /** @param buggify answers {@link Random.buggify}, for this generator and all its streams. */
  constructor(seed: number | PrngKey, buggify: (point: string) => boolean = never) {
    this.#key = typeof seed === 'number' ? keyOfSeed(seed) : seed
    this.#prng = new Prng(this.#key)
    this.#buggify = buggify
  }

  u32(): number {
    return this.#prng.u32()
  }

  float(): number {
    return this.#prng.float()
  }

  below(bound: number): number {
    assert(
      Number.isInteger(bound) && bound >= 1 && bound <= 4294967296,
      `below(${bound}): the bound must be an integer from 1 to 2^32`,
    )
    return this.#prng.below(bound)
  }

  uuid(): string {
    let hex = ''
    for (let word = 0; word < 4; word++) hex += this.u32().toString(16).padStart(8, '0')
    const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
    const time = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}`
    return `${time}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
  }

  stream(name: string): Random {
    return new SeededRandom(deriveKey(this.#key, name), this.#buggify)
  }

  buggify(point: string): boolean {
    return this.#buggify(point)
  }
}

function never(): boolean {
  return false
}
