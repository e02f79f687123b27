/**
 * MurmurHash3, the 32-bit variant for x86, by Austin Appleby (public domain). Not for secrets: keys
 * that collide can be found on purpose.
 *
 * @see https://github.com/aappleby/smhasher
 */

const scratch = new DataView(new ArrayBuffer(8))

/** The hash of the bytes of `bytes` from `start` to `end`: 32 bits, unsigned. */
export function murmur32(
  bytes: Uint8Array,
  start: number = 0,
  end: number = bytes.length,
  seed: number = 0,
): number {
  let hash = seed | 0
  const lastWord = start + ((end - start) & ~3)
  let at = start
  for (; at < lastWord; at += 4) {
    const word =
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    hash = murmurMix(hash, word)
  }
  let tail = 0
  for (let i = end - 1; i >= at; i--) tail = (tail << 8) | bytes[i]!
  return murmurFinish(hash, tail, end - start)
}

/** Mixes the next four bytes, as a little-endian word, into a hash under way. */
export function murmurMix(hash: number, word: number): number {
  const mixed = hash ^ scramble(word)
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

/**
 * Ends a hash under way.
 * @param tail the last one to three bytes as a little-endian word, 0 if there are none.
 * @param byteLength the number of bytes hashed, tail included.
 */
export function murmurFinish(hash: number, tail: number, byteLength: number): number {
  let mixed = hash ^ scramble(tail) ^ byteLength // scramble(0) is 0: no tail changes nothing
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** The hash of the four little-endian bytes of a 32-bit integer. */
export function murmurInt32(value: number, seed: number = 0): number {
  return murmurFinish(murmurMix(seed | 0, value | 0), 0, 4)
}

/** The hash of the eight little-endian bytes of a double; every `NaN` hashes alike. */
export function murmurFloat64(value: number, seed: number = 0): number {
  scratch.setFloat64(0, value, true)
  const low = Number.isNaN(value) ? 0 : scratch.getInt32(0, true)
  const high = Number.isNaN(value) ? 0x7ff80000 : scratch.getInt32(4, true)
  return murmurFinish(murmurMix(murmurMix(seed | 0, low), high), 0, 8)
}

/** The hash of the WTF-8 bytes of a string, without making them. */
export function murmurString(value: string, seed: number = 0): number {
  let hash = seed | 0
  let word = 0
  let byteLength = 0
  for (let i = 0; i < value.length; i++) {
    // Up to four bytes of one code point, lowest first, are shifted into the word under way.
    const point = value.codePointAt(i)!
    if (point >= 0x10000) i++
    let rest = wtf8Word(point)
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    for (let taken = 0; taken < size; taken++) {
      word |= (rest & 0xff) << ((byteLength & 3) << 3)
      rest >>>= 8
      if ((++byteLength & 3) === 0) {
        hash = murmurMix(hash, word)
        word = 0
      }
    }
  }
  return murmurFinish(hash, word, byteLength)
}

/** The WTF-8 bytes of a code point as a little-endian word. */
function wtf8Word(point: number): number {
  if (point < 0x80) return point
  if (point < 0x800) return 0xc0 | (point >> 6) | ((0x80 | (point & 0x3f)) << 8)
  const last = 0x80 | (point & 0x3f)
  const second = 0x80 | ((point >> 6) & 0x3f)
  if (point < 0x10000) return 0xe0 | (point >> 12) | (second << 8) | (last << 16)
  const third = 0x80 | ((point >> 12) & 0x3f)
  return 0xf0 | (point >> 18) | (third << 8) | (second << 16) | (last << 24)
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}
