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
import { wtf8ByteLength } from '../../base/wtf8.ts'
import type { SerializerSnapshot } from '../../types/type-serializer.ts'

/** The only version so far. */
export const KEYED_SNAPSHOT_VERSION = 1

/** Whatever of a head is no name and no description: its numbers and the kind of the state. */
const MAX_NUMBERS_BYTES = 128

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
  readonly bytes: Uint8Array
  /** The writer in which the entries stand, if these bytes are those behind its headroom. */
  readonly writer?: ByteWriter | undefined
}

/**
 * How many bytes a writer of entries leaves free in front of them, so that the section may be made
 * around them without a copy.
 */
export function headroomOf({
  name,
  serializers,
}: Pick<SectionPart, 'name' | 'serializers'>): number {
  return wtf8ByteLength(name) + wtf8ByteLength(serializers) + MAX_NUMBERS_BYTES
}

/** A section of keyed state, its entries unread. */
export interface KeyedSection {
  readonly maxParallelism: number
  readonly keyGroup: number
  readonly tables: readonly SectionPart[]
  readonly timerServices: readonly SectionPart[]
}

/**
 * The bytes of a section. The entries of the first table stay where they stand if they have a
 * writer, which is used up: the head goes into its headroom, all other parts behind them.
 */
export function writeKeyedSection(section: KeyedSection): Uint8Array {
  const [first, ...others] = section.tables
  const parts = [...section.tables, ...section.timerServices]
  const size = parts.reduce((sum, part) => sum + part.bytes.length + part.serializers.length, 0)
  const isInPlace = first?.writer !== undefined
  const head = new ByteWriter((isInPlace ? 256 : size) + 64 * (parts.length + 1))
  head.u8(KEYED_SNAPSHOT_VERSION)
  head.varint(section.maxParallelism)
  head.varint(section.keyGroup)
  head.varint(section.tables.length)
  if (first !== undefined) writePartHead(first, head)
  const output = first?.writer ?? head
  if (!isInPlace && first !== undefined) output.bytes(first.bytes)
  writeParts(others, output)
  output.varint(section.timerServices.length)
  writeParts(section.timerServices, output)
  if (!isInPlace) return output.view()
  const start = headroomOf(first) - head.length
  output.view().set(head.view(), start)
  return output.view().subarray(start)
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

function writeParts(parts: readonly SectionPart[], output: ByteWriter): void {
  for (const part of parts) {
    writePartHead(part, output)
    output.bytes(part.bytes)
  }
}

function writePartHead(part: SectionPart, output: ByteWriter): void {
  output.string(part.name)
  output.string(part.kind)
  output.string(part.serializers)
  output.varint(part.count)
  output.varint(part.bytes.length)
}

function readParts(input: ByteReader): SectionPart[] {
  const parts: SectionPart[] = []
  const count = input.count()
  for (let i = 0; i < count; i++) {
    const name = input.string()
    const kind = input.string()
    const serializers = input.string()
    const entries = input.varint()
    parts.push({ name, kind, serializers, count: entries, bytes: input.view(input.varint()) })
  }
  return parts
}
