/**
 * The metadata file of a checkpoint: a line of ASCII and JSON in ASCII.
 *
 * ```text
 * millrace-checkpoint version=1 crc32=0a1b2c3d bytes=1234
 * {"checkpointId":7,...}
 * ```
 *
 * The checksum and the length are those of the JSON. State files are named relative to the folder
 * of the checkpoint, so that the folder can be moved.
 */

import { crc32 } from '../../base/crc32.ts'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { decodeAscii, encodeAscii, encodeAsciiJson } from './ascii-json.ts'
import { fromBase64, toBase64 } from './base64.ts'
import type {
  CheckpointMetadata,
  OperatorCheckpoint,
  StateHandle,
  StateSectionEntry,
} from './checkpoint-metadata.ts'
import { corruptCheckpoint } from './corrupt-checkpoint.ts'

/** The only version so far. */
export const METADATA_VERSION = 1

/** No head line is longer. */
const HEAD_BYTES_MAX = 128

/**
 * The bytes of a metadata file.
 * @param directory the folder of the checkpoint, in which all state files must lie.
 * @throws INVALID_ARGUMENT if a state file lies elsewhere.
 */
export function encodeMetadata(metadata: CheckpointMetadata, directory: string): Uint8Array {
  const json = encodeAsciiJson({
    ...metadata,
    operators: metadata.operators.map((operator) => ({
      ...operator,
      coordinator: operator.coordinator === undefined ? null : toBase64(operator.coordinator),
      subtasks: operator.subtasks.map((handle) =>
        handle === undefined ? null : { ...handle, path: relativePath(handle.path, directory) },
      ),
    })),
  })
  const head = encodeAscii(headLine(METADATA_VERSION, crc32(json), json.length))
  const bytes = new Uint8Array(head.length + json.length)
  bytes.set(head)
  bytes.set(json, head.length)
  return bytes
}

/**
 * Reads a metadata file.
 * @param directory the folder of the checkpoint; the handles get paths inside it.
 * @throws CORRUPT_CHECKPOINT if the bytes are damaged or of an unknown version.
 */
export function decodeMetadata(bytes: Uint8Array, directory: string): CheckpointMetadata {
  const start = decodeAscii(bytes.subarray(0, HEAD_BYTES_MAX))
  const head = start.slice(0, start.indexOf('\n') + 1)
  const version = /^millrace-checkpoint version=(\d{1,9}) /.exec(head)?.[1]
  if (version === undefined) {
    throw corruptCheckpoint(directory, 'its metadata file does not start as one')
  }
  if (Number(version) !== METADATA_VERSION) {
    throw corruptCheckpoint(
      directory,
      `it has format version ${version}, this engine reads version ${METADATA_VERSION}`,
    )
  }
  const json = bytes.subarray(head.length)
  if (head !== headLine(METADATA_VERSION, crc32(json), json.length)) {
    throw corruptCheckpoint(directory, 'its metadata file fails the checksum')
  }
  try {
    return metadataOf(JSON.parse(decodeAscii(json)) as StoredMetadata, directory)
  } catch (error) {
    throw corruptCheckpoint(directory, 'its metadata file is malformed', error)
  }
}

/** The metadata as JSON holds it. */
interface StoredMetadata extends Omit<CheckpointMetadata, 'operators'> {
  readonly operators: readonly StoredOperator[]
}

interface StoredOperator extends Omit<OperatorCheckpoint, 'coordinator' | 'subtasks'> {
  readonly coordinator: string | null
  readonly subtasks: readonly (StateHandle | null)[]
}

function headLine(version: number, checksum: number, lengthBytes: number): string {
  const crc = checksum.toString(16).padStart(8, '0')
  return `millrace-checkpoint version=${version} crc32=${crc} bytes=${lengthBytes}\n`
}

function relativePath(path: string, directory: string): string {
  const name = path.slice(directory.length + 1)
  if (path.startsWith(`${directory}/`) && isPlainName(name)) return name
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `state file ${path} is not in the folder of its checkpoint, ${directory}; write it there`,
  )
}

/** Metadata may come from anywhere: what it names must not lead out of the checkpoint's folder. */
function isPlainName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\]/.test(name)
}

function metadataOf(stored: StoredMetadata, directory: string): CheckpointMetadata {
  return {
    checkpointId: natural(stored.checkpointId),
    jobId: text(stored.jobId),
    jobName: text(stored.jobName),
    purpose: stored.purpose,
    triggeredMs: stored.triggeredMs,
    completedMs: stored.completedMs,
    operators: stored.operators.map((operator) => operatorOf(operator, directory)),
  }
}

function operatorOf(stored: StoredOperator, directory: string): OperatorCheckpoint {
  const coordinator = stored.coordinator === null ? undefined : fromBase64(text(stored.coordinator))
  if (stored.coordinator !== null && coordinator === undefined) throw malformed(stored.coordinator)
  return {
    operatorId: text(stored.operatorId),
    uid: stored.uid === undefined ? undefined : text(stored.uid),
    name: text(stored.name),
    parallelism: natural(stored.parallelism),
    maxParallelism: natural(stored.maxParallelism),
    stateful: stored.stateful === true,
    finished: stored.finished === true,
    coordinator,
    subtasks: stored.subtasks.map((handle) =>
      handle === null ? undefined : handleOf(handle, directory),
    ),
  }
}

function handleOf(stored: StateHandle, directory: string): StateHandle {
  if (!isPlainName(text(stored.path))) throw malformed(stored.path)
  return {
    path: `${directory}/${stored.path}`,
    sizeBytes: natural(stored.sizeBytes),
    sections: stored.sections.map(
      (section): StateSectionEntry => ({
        kind: section.kind === 'keyed' ? 'keyed' : 'operator',
        name: text(section.name),
        keyGroup: section.kind === 'keyed' ? natural(section.keyGroup) : -1,
        offsetBytes: natural(section.offsetBytes),
        lengthBytes: natural(section.lengthBytes),
        crc32: natural(section.crc32),
      }),
    ),
  }
}

function natural(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw malformed(value)
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw malformed(value)
}

function malformed(value: unknown): TypeError {
  return new TypeError(`unexpected ${JSON.stringify(value)}`)
}
