import { murmurFloat64 } from '../../base/murmur.ts'
import type { KeyIdentity } from '../../types/key-identity.ts'
import type { Namespace } from '../namespace.ts'

/** 2^32: what lies above the low 32 bits of a time. */
const HIGH_WORD = 0x1_0000_0000

/**
 * A hash of what makes a timer one of a kind: 32 bits, signed. Lives in memory alone, so it may
 * change; it is called for every registered timer, hence no bytes of the key are made.
 *
 * @param timestampMs a whole number
 */
export function timerHash(
  identity: KeyIdentity,
  namespace: Namespace,
  timestampMs: number,
): number {
  const high = Math.floor(timestampMs / HIGH_WORD)
  let hash = Math.imul(primitiveHash(identity), 0x9e3779b1) ^ (timestampMs | 0)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) ^ high
  if (namespace !== '') hash ^= Math.imul(primitiveHash(namespace), 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

function primitiveHash(value: KeyIdentity): number {
  if (typeof value === 'number') return (value | 0) === value ? value : murmurFloat64(value) | 0
  if (typeof value === 'string') return textHash(value)
  if (typeof value === 'bigint') return textHash(String(value))
  return value === true ? 1 : 0
}

function textHash(text: string): number {
  let hash = text.length
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
