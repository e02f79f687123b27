import { readLatin1 } from '../base/latin1.ts'
import { appendKey } from './key-encoding.ts'
import { borrowScratch, returnScratch } from './scratch-writer.ts'

/** What stands for a key in a `Map`: two keys have the same identity exactly if they are equal. */
export type KeyIdentity = string | number | boolean | bigint | null | undefined

/** An unpaired surrogate, which no text of people starts with. */
const ENCODED_PREFIX = '\uDC00'

const ENCODED_PREFIX_UNIT = 0xdc00

/**
 * The primitive by which a key is looked up in a JavaScript `Map`. Primitives stand for themselves;
 * dates, bytes, arrays and objects, which a `Map` would compare by reference, become a string of
 * their bytes behind a prefix. A string with that prefix is encoded too, so nothing collides.
 * @throws TYPE_MISMATCH if the key is not plain data; key by a field of it.
 */
export function keyIdentity(key: unknown): KeyIdentity {
  switch (typeof key) {
    case 'string':
      return key.charCodeAt(0) === ENCODED_PREFIX_UNIT ? encodedIdentity(key) : key
    case 'number':
      return key + 0 // -0 + 0 is 0
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return key
    default:
      return key === null ? null : encodedIdentity(key)
  }
}

function encodedIdentity(key: unknown): string {
  const output = borrowScratch()
  try {
    appendKey(key, output)
    return ENCODED_PREFIX + readLatin1(output.view(), 0, output.length)
  } finally {
    returnScratch(output)
  }
}
