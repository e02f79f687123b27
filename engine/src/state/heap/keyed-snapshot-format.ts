/**
 * The bytes of one key group of keyed state: a section of a subtask's state file.
 *
 * ```text
 * section  := version (u8, 1), max parallelism (varint), key group (varint),
 *             tables (varint), part*, timer services (varint), part*
 * part     := name (string), kind (string), serializers (string, JSON),
 *             count (varint), byte length (varint), entry*
 * entry    := namespace, key, value                                     of a table
 *           | domain (u8: 0 event time, 1 processing time), time (f64), of a timer service
 *             sequence (varint), namespace, key
 * namespace:= 0 (no namespace) | 1, string | 2, zigzag integer | 3, f64
 * ```
 *
 * Keys and values are written by the serializers that the JSON names. The byte length lets a reader
 * carry a part on unread, so that state nobody asked for yet survives. Entries are in no particular
 * order. Numbers are as `ByteWriter` writes them.
 */
import { ByteReader } from '../../base/byte-reader.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { lengthOf } from '../../base/join-bytes.ts'
import type { SerializerSnapshot } from '../../types/type-serializer.ts'

/** The only version so far. */
export const KEYED_SNAPSHOT_VERSION = 1

/** The kind of a timer service among the parts of a section. */
export const TIMERS_KIND = 'timers'

/** Descriptions of the serializers of a part, by what they serialize (`key`, `value`, ...). */
export type PartSerializers = Readonly<Record<string, SerializerSnapshot>>

/** One table or timer service inside a section, its entries unread. */
export interface SectionPart {
  readonly name: string
  /** Kind of state, or {@link TIMERS_KIND}. */
  readonly kind: string
  /** JSON of {@link PartSerializers}. */
  readonly serializers: string
  readonly count: number
  /** The entries, one piece behind the other. */
  readonly pieces: readonly Uint8Array[]
}

/** A section of keyed state, its entries unread. */
export interface KeyedSection {
  readonly maxParallelism: number
  readonly keyGroup: number
  readonly tables: readonly SectionPart[]
  readonly timerServices: readonly SectionPart[]
}

/** The bytes of a section, as pieces: what stands in front of entries, and the entries as given. */
export function writeKeyedSection(section: KeyedSection): Uint8Array[] {
  const heads = new ByteWriter()
  const ends: number[] = []
  const entries: (readonly Uint8Array[])[] = []
  heads.u8(KEYED_SNAPSHOT_VERSION)
  heads.varint(section.maxParallelism)
  heads.varint(section.keyGroup)
  for (const parts of [section.tables, section.timerServices]) {
    heads.varint(parts.length)
    for (const part of parts) {
      writePartHead(part, heads)
      ends.push(heads.length)
      entries.push(part.pieces)
    }
  }
  const pieces: Uint8Array[] = []
  let start = 0
  for (const [index, end] of ends.entries()) {
    pieces.push(heads.view().subarray(start, end), ...(entries[index] as readonly Uint8Array[]))
    start = end
  }
  if (start < heads.length) pieces.push(heads.view().subarray(start))
  return pieces
}

/**
 * Reads a section.
 * @throws CORRUPT_DATA if the bytes are damaged or of an unknown version.
 */
export function readKeyedSection(bytes: Uint8Array): KeyedSection {
  const input = new ByteReader(bytes)
  const version = input.u8()
  if (version !== KEYED_SNAPSHOT_VERSION) {
    throw input.corrupt(
      `keyed state of format version ${version}; this engine reads version ${KEYED_SNAPSHOT_VERSION}`,
    )
  }
  const maxParallelism = input.varint()
  const keyGroup = input.varint()
  const tables = readParts(input)
  const timerServices = readParts(input)
  input.expectEnd()
  return { maxParallelism, keyGroup, tables, timerServices }
}

/** Reads the serializer descriptions of a part. @throws CORRUPT_DATA if they are no such JSON. */
export function parseSerializers(part: SectionPart): PartSerializers {
  try {
    const parsed: unknown = JSON.parse(part.serializers)
    if (typeof parsed === 'object' && parsed !== null) return parsed as PartSerializers
  } catch {
    // falls through to the error below
  }
  throw new EngineError(
    ErrorCode.CORRUPT_DATA,
    `the serializer descriptions of state "${part.name}" are not valid JSON`,
  )
}

function writePartHead(part: SectionPart, output: ByteWriter): void {
  output.string(part.name)
  output.string(part.kind)
  output.string(part.serializers)
  output.varint(part.count)
  output.varint(lengthOf(part.pieces))
}

function readParts(input: ByteReader): SectionPart[] {
  const parts: SectionPart[] = []
  const count = input.count()
  for (let i = 0; i < count; i++) {
    const name = input.string()
    const kind = input.string()
    const serializers = input.string()
    const entries = input.varint()
    parts.push({ name, kind, serializers, count: entries, pieces: [input.view(input.varint())] })
  }
  return parts
}
