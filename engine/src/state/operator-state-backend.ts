import { ByteReader } from '../base/byte-reader.ts'
import { ByteWriter } from '../base/byte-writer.ts'
import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { joinBytes } from '../base/join-bytes.ts'
import { resolveCompatibility } from '../types/serializer-compatibility.ts'
import type { TypeInformation } from '../types/type-information.ts'
import type { TypeRegistry } from '../types/type-registry.ts'
import type { SerializerSnapshot, TypeSerializer } from '../types/type-serializer.ts'
import { types } from '../types/types.ts'
import { BroadcastMap } from './broadcast-map.ts'
import {
  type OperatorSection,
  readOperatorSection,
  writeOperatorSection,
} from './operator-section-format.ts'
import type {
  BroadcastState,
  OperatorListState,
  OperatorStateStore,
  RedistributionMode,
} from './operator-state.ts'
import type { MapStateDescriptor } from './state-descriptor.ts'
import type { StateSection } from './state-section.ts'

/** What an operator state backend is made of. */
export interface OperatorStateBackendOptions {
  /** The classes whose instances lists without a declared type may hold; none by default. */
  readonly typeRegistry?: TypeRegistry | undefined
  /** Told once for each list that has no declared type. */
  readonly warn?: ((message: string) => void) | undefined
  /** What redistribution gave this subtask; keyed sections among it are left alone. */
  readonly restored?: readonly StateSection[] | undefined
}

/**
 * The operator state of one operator in one subtask. The lists are small (splits, offsets,
 * committables), so a snapshot serializes them at once.
 */
export class OperatorStateBackend implements OperatorStateStore {
  readonly #warn: ((message: string) => void) | undefined
  readonly #genericType: TypeInformation<unknown>
  readonly #lists = new Map<string, ListOfItems<unknown>>()
  readonly #maps = new Map<string, BroadcastMap<unknown, unknown>>()
  /** Restored lists that no function has asked for yet; they go on into the next snapshots. */
  readonly #unread = new Map<string, OperatorSection>()

  /** @throws CORRUPT_DATA if a restored section cannot be read; restore another checkpoint. */
  constructor(options: OperatorStateBackendOptions = {}) {
    this.#warn = options.warn
    this.#genericType = types.generic(options.typeRegistry)
    for (const section of options.restored ?? []) {
      if (section.kind !== 'operator') continue
      this.#unread.set(section.name, readOperatorSection(joinBytes(section.pieces)))
    }
  }

  /**
   * @throws INVALID_PROGRAM if the name is in use with another type or mode.
   * @throws INCOMPATIBLE_STATE if the restored list was of another type or mode.
   */
  getListState<T>(name: string, type?: TypeInformation<T>): OperatorListState<T> {
    return this.#list(name, type, 'split')
  }

  /** As {@link OperatorStateBackend.getListState}, for a list that everybody receives whole. */
  getUnionListState<T>(name: string, type?: TypeInformation<T>): OperatorListState<T> {
    return this.#list(name, type, 'union')
  }

  /**
   * Broadcast state by its descriptor; the same name gives the same map.
   *
   * @throws INVALID_PROGRAM if the name is in use with other types or as a list.
   * @throws INCOMPATIBLE_STATE if the restored map was of other types.
   */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    const { name } = descriptor
    const typed = descriptor.keyType !== undefined && descriptor.type !== undefined
    if (!typed && !this.#maps.has(name)) this.#warn?.(untyped(name))
    const generic = this.#genericType
    const entry = types.tuple(descriptor.keyType ?? generic, descriptor.type ?? generic)
    const list = this.#list<readonly [unknown, unknown]>(name, entry as never, 'broadcast')
    const known = this.#maps.get(name)
    if (known !== undefined) return known as BroadcastMap<unknown, unknown> as BroadcastMap<K, V>
    const map = new BroadcastMap<unknown, unknown>(list)
    this.#maps.set(name, map)
    return map as BroadcastMap<unknown, unknown> as BroadcastMap<K, V>
  }

  /** The bytes of all lists as they are now. */
  snapshot(): StateSection[] {
    for (const map of this.#maps.values()) map.store()
    const sections: StateSection[] = []
    const add = (name: string, section: OperatorSection): void => {
      const pieces = [writeOperatorSection(section)]
      sections.push({ kind: 'operator', name, keyGroup: -1, pieces })
    }
    for (const [name, list] of this.#lists) if (list.isWritten) add(name, list.write())
    for (const [name, section] of this.#unread) if (!section.isCopy) add(name, section)
    return sections
  }

  #list<T>(
    name: string,
    declared: TypeInformation<T> | undefined,
    mode: RedistributionMode,
  ): OperatorListState<T> {
    const known = this.#lists.get(name)
    const serializer = (declared ?? (this.#genericType as TypeInformation<T>)).serializer
    if (known !== undefined) {
      const asked = `${mode} ${JSON.stringify(serializer.snapshot)}`
      if (known.description !== asked) throw usedTwice(name, known.description, asked)
      return known as ListOfItems<unknown> as ListOfItems<T>
    }
    if (declared === undefined) this.#warn?.(untyped(name))
    const list = new ListOfItems<T>(name, mode, serializer)
    const section = this.#unread.get(name)
    if (section !== undefined) list.restore(section)
    this.#unread.delete(name)
    this.#lists.set(name, list as ListOfItems<unknown>)
    return list
  }
}

class ListOfItems<T> implements OperatorListState<T> {
  readonly description: string
  readonly #name: string
  readonly #mode: RedistributionMode
  readonly #serializer: TypeSerializer<T>
  #items: T[] = []

  constructor(name: string, mode: RedistributionMode, serializer: TypeSerializer<T>) {
    this.#name = name
    this.#mode = mode
    this.#serializer = serializer
    this.description = `${mode} ${JSON.stringify(serializer.snapshot)}`
  }

  /** Empty lists need no bytes; an empty broadcast state says that all others are empty too. */
  get isWritten(): boolean {
    return this.#items.length > 0 || this.#mode === 'broadcast'
  }

  get(): readonly T[] {
    return this.#items
  }

  add(value: T): void {
    this.#items.push(value)
  }

  update(values: readonly T[]): void {
    this.#items = values.slice()
  }

  write(): OperatorSection {
    const output = new ByteWriter()
    const items = this.#items.map((item) => {
      output.reset()
      this.#serializer.serialize(item, output)
      return output.toBytes()
    })
    const serializer = JSON.stringify(this.#serializer.snapshot)
    return { mode: this.#mode, isCopy: false, serializer, items }
  }

  restore(section: OperatorSection): void {
    if (section.mode !== this.#mode) {
      throw incompatible(this.#name, `it was a ${section.mode} list and is now ${this.#mode}`)
    }
    const older = JSON.parse(section.serializer) as SerializerSnapshot
    const judged = resolveCompatibility(older, this.#serializer as TypeSerializer<unknown>)
    if (judged !== 'compatible') throw incompatible(this.#name, judged.incompatible)
    this.#items = section.items.map((bytes) => {
      const input = new ByteReader(bytes)
      const item = this.#serializer.deserialize(input)
      input.expectEnd()
      return item
    })
  }
}

function incompatible(name: string, reason: string): EngineError {
  return new EngineError(
    ErrorCode.INCOMPATIBLE_STATE,
    `operator state "${name}" cannot be restored: ${reason}; declare the type it had, or give the ` +
      'state a new name to start it empty',
  )
}

function usedTwice(name: string, first: string, second: string): EngineError {
  return new EngineError(
    ErrorCode.INVALID_PROGRAM,
    `the operator state name "${name}" is used twice, for ${first} and for ${second}; give each ` +
      'list a name of its own',
  )
}

function untyped(name: string): string {
  return (
    `operator state "${name}" has no declared type and uses the generic serializer, which is ` +
    'slower and larger; give it a type'
  )
}
