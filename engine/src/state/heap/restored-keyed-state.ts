import { ByteReader } from '../../base/byte-reader.ts'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { joinBytes } from '../../base/join-bytes.ts'
import { type KeyGroupRange, keyGroupOf } from '../../core/key-group.ts'
import { hashKey } from '../../types/key-hash.ts'
import { resolveCompatibility } from '../../types/serializer-compatibility.ts'
import type { SerializerSnapshot, TypeSerializer } from '../../types/type-serializer.ts'
import type { StateSection } from '../state-section.ts'
import { STAMPED_KIND, StampedSerializer, unstampedReader } from '../ttl/stamped.ts'
import { parseSerializers, readKeyedSection, type SectionPart } from './keyed-snapshot-format.ts'
import type { ReaderOf } from './value-codec.ts'

/** The restored bytes of one table or timer service in one key group. */
export interface RestoredPart extends SectionPart {
  readonly keyGroup: number
}

/**
 * What was restored and nobody has asked for yet. It stays bytes until a function registers the
 * name, and goes into the next snapshots unread, so that state registered late is not lost.
 */
export class RestoredKeyedState {
  readonly tables: Map<string, RestoredPart[]> = new Map()
  readonly timerServices: Map<string, RestoredPart[]> = new Map()

  /**
   * @throws STATE_NOT_RESTORABLE if a section is of another max parallelism or key group range;
   * give the operator the max parallelism it had.
   * @throws CORRUPT_DATA if a section cannot be read; restore another checkpoint.
   */
  constructor(sections: readonly StateSection[], range: KeyGroupRange, maxParallelism: number) {
    const seen = new Set<number>()
    for (const section of sections) {
      if (section.kind !== 'keyed') continue
      const keyed = readKeyedSection(joinBytes(section.pieces))
      if (keyed.maxParallelism !== maxParallelism) {
        throw notRestorable(
          `was written with max parallelism ${keyed.maxParallelism}, the operator has ` +
            `${maxParallelism}; set the max parallelism back to ${keyed.maxParallelism}`,
        )
      }
      const { keyGroup } = keyed
      if (keyGroup < range.first || keyGroup > range.last) {
        throw notRestorable(`of key group ${keyGroup} came to key groups ${format(range)}`)
      }
      if (seen.has(keyGroup)) throw notRestorable(`of key group ${keyGroup} came twice`)
      seen.add(keyGroup)
      addAll(this.tables, keyed.tables, keyGroup)
      addAll(this.timerServices, keyed.timerServices, keyGroup)
    }
  }

  /** How many entries of tables are still bytes. */
  get entryCount(): number {
    return countOf(this.tables)
  }

  /** How many timers are still bytes. */
  get timerCount(): number {
    return countOf(this.timerServices)
  }
}

/**
 * Reads all entries of restored parts, one after another.
 * @param readEntry reads one entry and returns its key.
 * @throws INCOMPATIBLE_STATE if a serializer of now does not read what one of then wrote.
 */
export function readRestored(
  parts: readonly RestoredPart[],
  kind: string,
  maxParallelism: number,
  makeReader: (readerOf: ReaderOf) => (input: ByteReader) => unknown,
): void {
  const readers = new Map<string, (input: ByteReader) => unknown>()
  for (const part of parts) {
    if (part.kind !== kind) {
      throw incompatible(part.name, `it was ${part.kind} state and is now ${kind} state`)
    }
    const read = readers.get(part.serializers) ?? makeReader(readerOf(part))
    readers.set(part.serializers, read)
    readPart(part, read, maxParallelism)
  }
}

function readPart(
  part: RestoredPart,
  read: (input: ByteReader) => unknown,
  maxParallelism: number,
): void {
  const input = new ByteReader(joinBytes(part.pieces))
  for (let i = 0; i < part.count; i++) {
    const key = read(input)
    // One entry tells: keys hashed differently from then would be looked up in the wrong subtask.
    if (i === 0 && keyGroupOf(hashKey(key), maxParallelism) !== part.keyGroup) {
      throw notRestorable(
        `"${part.name}" has a key in key group ${part.keyGroup} that does not belong there; the ` +
          'checkpoint was written with another key type or by another engine',
      )
    }
  }
  input.expectEnd()
}

function readerOf(part: RestoredPart): ReaderOf {
  const older = parseSerializers(part)
  return <T>(role: string, present: TypeSerializer<T>) => {
    const snapshot = older[role]
    if (snapshot === undefined) throw incompatible(part.name, `its ${role} is not described`)
    const judge = <V>(older: SerializerSnapshot, now: TypeSerializer<V>): TypeSerializer<V> => {
      const judged = resolveCompatibility(older, now as TypeSerializer<unknown>)
      if (judged !== 'compatible') throw incompatible(part.name, `${role}: ${judged.incompatible}`)
      return now
    }
    const isStamped = present instanceof StampedSerializer
    if (isStamped === (snapshot.kind === STAMPED_KIND)) return judge(snapshot, present)
    // The state got a time to live since, or lost it: the values inside are the same.
    if (isStamped) return present.readerOfPlain((values) => judge(snapshot, values)) as never
    return unstampedReader(judge(snapshot.parameters?.value as SerializerSnapshot, present))
  }
}

function addAll(
  target: Map<string, RestoredPart[]>,
  parts: readonly SectionPart[],
  keyGroup: number,
): void {
  for (const part of parts) {
    const known = target.get(part.name)
    const restored = { ...part, keyGroup }
    if (known === undefined) target.set(part.name, [restored])
    else known.push(restored)
  }
}

function countOf(parts: ReadonlyMap<string, readonly RestoredPart[]>): number {
  let count = 0
  for (const list of parts.values()) for (const part of list) count += part.count
  return count
}

function notRestorable(what: string): EngineError {
  return new EngineError(ErrorCode.STATE_NOT_RESTORABLE, `keyed state ${what}`)
}

function incompatible(name: string, reason: string): EngineError {
  return new EngineError(
    ErrorCode.INCOMPATIBLE_STATE,
    `state "${name}" cannot be restored: ${reason}; declare the type it had, or give the state a ` +
      'new name to start it empty',
  )
}

function format(range: KeyGroupRange): string {
  return `${range.first} to ${range.last}`
}
