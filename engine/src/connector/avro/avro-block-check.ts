import type { AvroType } from './avro-schema.ts'

/** Values that take no byte (null, an empty record) and stand in lists: so many per block. */
const EMPTY_ITEM_COUNT_MAX = 1_000_000

/** Steps over a value. */
type Step = (cursor: Cursor) => void

/**
 * Follows the bytes of a block without making values. The library trusts the lengths and counts in
 * them, and a damaged one may mean gigabytes or minutes; here none may claim more than there is.
 */
export class AvroBlockCheck {
  /**
   * True if the bytes must be checked before they are decoded: a list declares how long it is.
   * Otherwise a check only tells which record and field is wrong.
   */
  readonly isNeeded: boolean
  readonly #step: Step
  readonly #steps = new Map<AvroType, Step>()

  constructor(writer: AvroType) {
    this.#step = this.#stepOf(writer)
    this.isNeeded = [...this.#steps.keys()].some(
      ({ typeName }) => typeName === 'array' || typeName === 'map',
    )
  }

  /** @throws an error that names record and field, if the bytes are not `recordCount` records */
  check(bytes: Uint8Array, recordCount: number): void {
    const cursor = new Cursor(bytes)
    for (let record = 0; record < recordCount; record++) {
      try {
        this.#step(cursor)
      } catch (cause) {
        if (cause instanceof Misstep) throw new Error(`record ${record}${cause.place}`, { cause })
        throw new Error(`record ${record} is nested too deeply`, { cause })
      }
    }
  }

  #stepOf(type: AvroType): Step {
    const known = this.#steps.get(type)
    if (known !== undefined) return known
    // A record may hold itself: what is asked for before it is made is looked up when it is needed.
    this.#steps.set(type, (cursor) => (this.#steps.get(type) as Step)(cursor))
    const step = this.#newStep(type)
    this.#steps.set(type, step)
    return step
  }

  #newStep(type: AvroType): Step {
    const { fields, types, itemsType, valuesType, symbols, size } = type
    switch (type.typeName) {
      case 'null':
        return () => {}
      case 'boolean':
        return (cursor) => cursor.skip(1)
      case 'int':
      case 'long':
        return (cursor) => void cursor.long()
      case 'float':
        return (cursor) => cursor.skip(4)
      case 'double':
        return (cursor) => cursor.skip(8)
      case 'fixed':
        return (cursor) => cursor.skip(size ?? 0)
      case 'enum':
        return (cursor) => void cursor.index(symbols?.length ?? 0, 'symbols')
      case 'array':
        return listStep(this.#stepOf(itemsType as AvroType))
      case 'map': {
        const valueStep = this.#stepOf(valuesType as AvroType)
        return listStep((cursor) => {
          cursor.skip(cursor.long())
          valueStep(cursor)
        })
      }
    }
    if (fields !== undefined) {
      return recordStep(fields.map(({ name, type }) => [name, this.#stepOf(type)]))
    }
    if (types !== undefined) {
      const branches = types.map((branch) => this.#stepOf(branch))
      return (cursor) => (branches[cursor.index(branches.length, 'branches')] as Step)(cursor)
    }
    return (cursor) => cursor.skip(cursor.long())
  }
}

function recordStep(fields: readonly (readonly [string, Step])[]): Step {
  return (cursor) => {
    let at = 0
    try {
      for (; at < fields.length; at++) (fields[at] as readonly [string, Step])[1](cursor)
    } catch (cause) {
      if (cause instanceof Misstep) cause.path.unshift((fields[at] as readonly [string, Step])[0])
      throw cause
    }
  }
}

/** Lists and maps come in blocks: a count, its size in bytes if the count is negative, items. */
function listStep(itemStep: Step): Step {
  return (cursor) => {
    for (;;) {
      const count = cursor.long()
      if (count === 0) return
      const size = count < 0 ? cursor.long() : undefined
      const start = cursor.at
      cursor.requireItems(Math.abs(count))
      for (let item = 0; item < Math.abs(count); item++) {
        const before = cursor.at
        itemStep(cursor)
        if (cursor.at === before) cursor.takeEmptyItem()
      }
      if (size !== undefined && cursor.at - start !== size) {
        throw new Misstep(`${-count} items of ${cursor.at - start} bytes, declared as ${size}`)
      }
    }
  }
}

/** Where the check stands. */
class Cursor {
  at = 0
  readonly #bytes: Uint8Array
  #emptyItemCount = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  skip(length: number): void {
    const room = this.#bytes.length - this.at
    if (!(length >= 0 && length <= room)) {
      throw new Misstep(`a value of ${length} bytes has ${room} bytes left`)
    }
    this.at += length
  }

  /** A zigzag varint of at most 64 bits. */
  long(): number {
    const bytes = this.#bytes
    let value = 0
    let factor = 1
    for (let length = 1; ; length++) {
      const byte = bytes[this.at++]
      if (byte === undefined) throw new Misstep('the block ends inside a number')
      value += (byte & 0x7f) * factor
      if (byte < 128) break
      if (length === 10) throw new Misstep('a number has more than 10 bytes')
      factor *= 128
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  index(bound: number, what: string): number {
    const index = this.long()
    if (index >= 0 && index < bound) return index
    throw new Misstep(`the index ${index} is not one of ${bound} ${what}`)
  }

  requireItems(count: number): void {
    const room = this.#bytes.length - this.at
    if (count > room + EMPTY_ITEM_COUNT_MAX - this.#emptyItemCount) {
      throw new Misstep(`a list of ${count} items has ${room} bytes left`)
    }
  }

  takeEmptyItem(): void {
    if (++this.#emptyItemCount <= EMPTY_ITEM_COUNT_MAX) return
    throw new Misstep(`more than ${EMPTY_ITEM_COUNT_MAX} items without a byte in one block`)
  }
}

/** What is wrong, and the fields on the way to it. */
class Misstep extends Error {
  readonly path: string[] = []

  get place(): string {
    const field = this.path.length === 0 ? '' : `, field '${this.path.join('.')}'`
    return `${field}: ${this.message}`
  }
}
