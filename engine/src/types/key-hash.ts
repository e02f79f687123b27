import { KEY_ENCODING } from './key-encoding.ts'
import { hashOrderedBytes, hashOrderedNumber, hashOrderedString } from './ordered-hash.ts'

/**
 * The hash from which the key group of a key comes: murmur of the key's bytes, 32 bits, unsigned.
 * State on disk is laid out by it, so it never changes for a key.
 * @throws TYPE_MISMATCH if the key is not plain data; key by a field of it.
 */
export function hashKey(key: unknown): number {
  if (typeof key === 'string') return hashOrderedString(key)
  if (typeof key === 'number') return hashOrderedNumber(key + 0) // -0 + 0 is 0
  return hashOrderedBytes(key, KEY_ENCODING)
}
