/**
 * The file of one operator's state in one subtask.
 *
 * ```text
 * file  := magic "MRSTATE\n", version (u32, 1), index length (u32), index (ASCII JSON),
 *          CRC-32 of all before (u32), section*
 * index := [[kind, name, key group, length, CRC-32], ...], in the order of the sections
 * ```
 *
 * Numbers are little-endian. Every byte is covered by a checksum or must have one value only.
 */
import { ByteReader } from '../../base/byte-reader.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { crc32 } from '../../base/crc32.ts'
import { lengthOf } from '../../base/join-bytes.ts'
import type { StateSection } from '../state-section.ts'
import { decodeAscii, encodeAscii, encodeAsciiJson } from './ascii-json.ts'
import type { StateSectionEntry } from './checkpoint-metadata.ts'

/** The only version so far. */
export const STATE_FILE_VERSION = 1

/** Bytes before the index. */
export const STATE_FILE_HEAD_BYTES = 16

/** Bytes of the checksum behind the index. */
export const CHECKSUM_BYTES = 4

const MAGIC = 'MRSTATE\n'

/** What goes in front of the sections, and where they come to stand. */
export interface StateFileHead {
  readonly head: Uint8Array
  readonly sections: readonly StateSectionEntry[]
  readonly sizeBytes: number
}

/** Lays out a state file. */
export function layOutStateFile(sections: readonly StateSection[]): StateFileHead {
  const checksums = sections.map(({ pieces }) => checksumOf(pieces))
  const lengths = sections.map(({ pieces }) => lengthOf(pieces))
  const index = encodeAsciiJson(
    sections.map((section, i) => [
      section.kind,
      section.name,
      section.keyGroup,
      lengths[i],
      checksums[i],
    ]),
  )
  const output = new ByteWriter(STATE_FILE_HEAD_BYTES + index.length + CHECKSUM_BYTES)
  output.bytes(encodeAscii(MAGIC))
  output.u32(STATE_FILE_VERSION)
  output.u32(index.length)
  output.bytes(index)
  output.u32(crc32(output.view()))
  let offsetBytes = output.length
  const entries = sections.map(({ kind, name, keyGroup }, i): StateSectionEntry => {
    const entry = { offsetBytes, lengthBytes: lengths[i] ?? 0, crc32: checksums[i] ?? 0 }
    offsetBytes += entry.lengthBytes
    return { kind, name, keyGroup, ...entry }
  })
  return { head: output.view(), sections: entries, sizeBytes: offsetBytes }
}

/**
 * Reads the first bytes of a state file.
 * @returns the length of the index, or what is wrong.
 */
export function readStateFileHead(
  bytes: Uint8Array,
): { readonly indexBytes: number } | { readonly reason: string } {
  if (bytes.length < STATE_FILE_HEAD_BYTES) return { reason: 'it ends within its head' }
  const input = new ByteReader(bytes)
  if (decodeAscii(input.view(MAGIC.length)) !== MAGIC) return { reason: 'it is no state file' }
  const version = input.u32()
  if (version !== STATE_FILE_VERSION) {
    return {
      reason: `it has format version ${version}, this engine reads version ${STATE_FILE_VERSION}`,
    }
  }
  return { indexBytes: input.u32() }
}

/** True if the head, index and checksum that start a file are those that belong to `sections`. */
export function isHeadOf(start: Uint8Array, sections: readonly StateSectionEntry[]): boolean {
  const covered = start.subarray(0, start.length - CHECKSUM_BYTES)
  const checksum = new ByteReader(start.subarray(covered.length)).u32()
  if (crc32(covered) !== checksum) return false
  const expected = encodeAsciiJson(
    sections.map((each) => [each.kind, each.name, each.keyGroup, each.lengthBytes, each.crc32]),
  )
  return decodeAscii(covered.subarray(STATE_FILE_HEAD_BYTES)) === decodeAscii(expected)
}

function checksumOf(pieces: readonly Uint8Array[]): number {
  let checksum = 0
  for (const piece of pieces) checksum = crc32(piece, checksum)
  return checksum
}
