import { ByteReader } from '../../../base/byte-reader.ts'
import { ByteWriter } from '../../../base/byte-writer.ts'
import type { TypeInformation } from '../../../types/type-information.ts'
import { types } from '../../../types/types.ts'

/**
 * Makes a function that copies accumulators, for merges that may change what they are given. Plain
 * objects, arrays, maps, sets and bytes are copied directly; whatever else an accumulator holds
 * goes through its serializer.
 */
export function accumulatorCopier<ACC>(
  type: TypeInformation<ACC> | undefined,
): (accumulator: ACC) => ACC {
  const { serializer } = (type ?? types.generic()) as TypeInformation<unknown>
  return (accumulator) => {
    const copy = plainCopy(accumulator)
    if (copy !== NOT_PLAIN) return copy as ACC
    const output = new ByteWriter()
    serializer.serialize(accumulator, output)
    return serializer.deserialize(new ByteReader(output.toBytes())) as ACC
  }
}

/** What {@link plainCopy} returns where it cannot copy. */
const NOT_PLAIN = Symbol('not plain')

function plainCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return copiedArray(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype) return copiedFields(value as Record<string, unknown>)
  if (value instanceof Uint8Array && prototype === Uint8Array.prototype) return value.slice()
  if (prototype === Map.prototype) return copiedMap(value as Map<unknown, unknown>)
  if (prototype === Set.prototype) {
    const items = copiedArray([...(value as Set<unknown>)])
    return items === NOT_PLAIN ? NOT_PLAIN : new Set(items as unknown[])
  }
  return NOT_PLAIN
}

function copiedArray(value: readonly unknown[]): unknown {
  const copy: unknown[] = []
  for (const item of value) {
    const copied = plainCopy(item)
    if (copied === NOT_PLAIN) return NOT_PLAIN
    copy.push(copied)
  }
  return copy
}

function copiedFields(value: Record<string, unknown>): unknown {
  // Spreading first keeps the hidden class, and is all there is to do for flat accumulators.
  const copy: Record<string, unknown> = { ...value }
  for (const name in value) {
    const field = value[name]
    if (typeof field !== 'object' || field === null) continue
    const copied = plainCopy(field)
    if (copied === NOT_PLAIN) return NOT_PLAIN
    copy[name] = copied
  }
  return copy
}

function copiedMap(value: Map<unknown, unknown>): unknown {
  const copy = new Map<unknown, unknown>()
  for (const [key, item] of value) {
    const copiedKey = plainCopy(key)
    const copied = plainCopy(item)
    if (copiedKey === NOT_PLAIN || copied === NOT_PLAIN) return NOT_PLAIN
    copy.set(copiedKey, copied)
  }
  return copy
}
