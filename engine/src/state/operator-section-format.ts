/**
 * The bytes of one list of operator state: a section of a subtask's state file.
 *
 * ```text
 * section := version (u8, 1), mode (u8: 0 split, 1 union, 2 union copy, 3 broadcast),
 *            serializer (string, JSON), items (varint), item*
 * item    := byte length (varint), bytes
 * ```
 *
 * The items are length-prefixed, so that they can be dealt out without knowing their type. A union
 * copy is a union list as given to subtasks other than the first: a function reads it alike, but if
 * none asks for it, only the first subtask writes the list on, or it would multiply.
 */
import { ByteReader } from '../base/byte-reader.ts'
import { ByteWriter } from '../base/byte-writer.ts'
import type { RedistributionMode } from './operator-state.ts'

/** The only version so far. */
export const OPERATOR_SECTION_VERSION = 1

const SPLIT = 0
const UNION = 1
const UNION_COPY = 2
const BROADCAST = 3

/** One list of operator state, its items unread. */
export interface OperatorSection {
  readonly mode: RedistributionMode
  /** True for a union list that another subtask owns. */
  readonly isCopy: boolean
  /** JSON of the item serializer's description. */
  readonly serializer: string
  readonly items: readonly Uint8Array[]
}

/** The bytes of a section. */
export function writeOperatorSection(section: OperatorSection): Uint8Array {
  const output = new ByteWriter()
  output.u8(OPERATOR_SECTION_VERSION)
  output.u8(modeByte(section))
  output.string(section.serializer)
  output.varint(section.items.length)
  for (const item of section.items) {
    output.varint(item.length)
    output.bytes(item)
  }
  return output.toBytes()
}

/**
 * Reads a section.
 * @throws CORRUPT_DATA if the bytes are damaged or of an unknown version.
 */
export function readOperatorSection(bytes: Uint8Array): OperatorSection {
  const input = new ByteReader(bytes)
  const version = input.u8()
  if (version !== OPERATOR_SECTION_VERSION) {
    throw input.corrupt(
      `operator state of format version ${version}; this engine reads version ` +
        `${OPERATOR_SECTION_VERSION}`,
    )
  }
  const mode = input.u8()
  if (mode > BROADCAST) throw input.corrupt(`the redistribution mode ${mode}`)
  const serializer = input.string()
  const items: Uint8Array[] = []
  const count = input.count()
  for (let i = 0; i < count; i++) items.push(input.view(input.varint()))
  input.expectEnd()
  return {
    mode: mode === SPLIT ? 'split' : mode === BROADCAST ? 'broadcast' : 'union',
    isCopy: mode === UNION_COPY,
    serializer,
    items,
  }
}

function modeByte({ mode, isCopy }: OperatorSection): number {
  switch (mode) {
    case 'split':
      return SPLIT
    case 'union':
      return isCopy ? UNION_COPY : UNION
    case 'broadcast':
      return BROADCAST
  }
}
