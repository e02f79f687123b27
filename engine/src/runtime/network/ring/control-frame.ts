import {
  ACTIVE_STATUS,
  type ControlElement,
  END_OF_INPUT,
  IDLE_STATUS,
  type SnapshotPurpose,
  watermark,
} from '../../../core/stream-element.ts'
import { corrupt } from '../../../types/columns/column-reader.ts'
import type { FrameMemory } from '../../../types/columns/frame-buffer.ts'
import { FrameKind, type RingFrame } from './shared-ring.ts'

/** Two doubles and an integer, whatever the element needs of them. */
const CONTROL_BYTES = 24

/** What a barrier is for, by its number in the format. */
const PURPOSES: readonly SnapshotPurpose[] = ['checkpoint', 'savepoint']

/** A control element as a frame. */
export function encodeControl(element: ControlElement): { kind: FrameKind; payload: Uint8Array } {
  const payload = new Uint8Array(CONTROL_BYTES)
  const doubles = new Float64Array(payload.buffer)
  switch (element.kind) {
    case 'watermark':
      doubles[0] = element.timestampMs
      return { kind: FrameKind.WATERMARK, payload }
    case 'watermark-status':
      doubles[0] = element.idle ? 1 : 0
      return { kind: FrameKind.STATUS, payload }
    case 'barrier':
      doubles[0] = element.checkpointId
      doubles[1] = element.triggeredMs
      doubles[2] = PURPOSES.indexOf(element.purpose)
      return { kind: FrameKind.BARRIER, payload }
    case 'end':
      return { kind: FrameKind.END, payload }
  }
}

/** The control element of a frame. @throws CORRUPT_DATA if it is none */
export function decodeControl({ kind, at }: RingFrame, memory: FrameMemory): ControlElement {
  const first = memory.doubles[at >> 3] as number
  switch (kind) {
    case FrameKind.WATERMARK:
      return watermark(first)
    case FrameKind.STATUS:
      return first === 1 ? IDLE_STATUS : ACTIVE_STATUS
    case FrameKind.BARRIER: {
      const purpose = PURPOSES[memory.doubles[(at >> 3) + 2] as number]
      if (purpose === undefined) throw corrupt('is a barrier for no known purpose')
      const triggeredMs = memory.doubles[(at >> 3) + 1] as number
      return { kind: 'barrier', checkpointId: first, triggeredMs, purpose }
    }
    case FrameKind.END:
      return END_OF_INPUT
    default:
      throw corrupt(`is of kind ${kind}`)
  }
}
