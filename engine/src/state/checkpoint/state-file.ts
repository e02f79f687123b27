import { crc32 } from '../../base/crc32.ts'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { joinBytes } from '../../base/join-bytes.ts'
import type { FileHandle, FileSystem } from '../../env/file-system.ts'
import type { StateSection } from '../state-section.ts'
import type { StateHandle, StateSectionEntry } from './checkpoint-metadata.ts'
import { corruptCheckpoint } from './corrupt-checkpoint.ts'
import {
  CHECKSUM_BYTES,
  isHeadOf,
  layOutStateFile,
  readStateFileHead,
  STATE_FILE_HEAD_BYTES,
} from './state-file-format.ts'

/** Neighbouring sections are written and read together up to this size. */
const PIECE_BYTES_MAX = 4 * 1024 * 1024

/** Writes a state file and makes its bytes durable; not its name. */
export async function writeStateFile(
  fileSystem: FileSystem,
  path: string,
  sections: readonly StateSection[],
): Promise<StateHandle> {
  const { head, sections: entries, sizeBytes } = layOutStateFile(sections)
  const file = await fileSystem.create(path)
  try {
    await file.append(head)
    for (const piece of largerPieces(sections.flatMap(({ pieces }) => pieces)))
      await file.append(piece)
    await file.sync()
  } finally {
    await file.close()
  }
  return { path, sizeBytes, sections: entries }
}

/** Reads sections of a state file. @throws CORRUPT_CHECKPOINT if it is not sound. */
export async function readStateFile(
  fileSystem: FileSystem,
  handle: StateHandle,
  filter: (section: StateSectionEntry) => boolean,
): Promise<StateSection[]> {
  const { path } = handle
  const status = await fileSystem.stat(path)
  if (status === undefined) throw corruptCheckpoint(path, 'the file is missing')
  // Checked before anything is read, so that no length leads to more memory than there are bytes.
  if (status.sizeBytes !== handle.sizeBytes) {
    throw corruptCheckpoint(path, `it has ${status.sizeBytes} bytes, not ${handle.sizeBytes}`)
  }
  const file = await openState(fileSystem, path)
  try {
    await verifyHead(file, handle)
    return await readWanted(file, handle, filter)
  } finally {
    await file.close()
  }
}

async function openState(fileSystem: FileSystem, path: string): Promise<FileHandle> {
  try {
    return await fileSystem.openRead(path)
  } catch (error) {
    const isMissing = error instanceof EngineError && error.code === ErrorCode.FILE_NOT_FOUND
    throw isMissing ? corruptCheckpoint(path, 'the file is missing', error) : error
  }
}

async function verifyHead(file: FileHandle, handle: StateHandle): Promise<void> {
  const head = readStateFileHead(await file.read(0, STATE_FILE_HEAD_BYTES))
  if ('reason' in head) throw corruptCheckpoint(handle.path, head.reason)
  const startBytes = STATE_FILE_HEAD_BYTES + head.indexBytes + CHECKSUM_BYTES
  const first = handle.sections[0]?.offsetBytes ?? handle.sizeBytes
  if (startBytes !== first) throw corruptCheckpoint(handle.path, 'its index has another length')
  if (!isHeadOf(await readExactly(file, 0, startBytes), handle.sections)) {
    throw corruptCheckpoint(handle.path, 'its index fails the checksum')
  }
}

async function readWanted(
  file: FileHandle,
  handle: StateHandle,
  filter: (section: StateSectionEntry) => boolean,
): Promise<StateSection[]> {
  const result: StateSection[] = []
  for (const run of runsOf(handle.sections.filter(filter))) {
    const start = run[0]?.offsetBytes ?? 0
    const last = run[run.length - 1]
    const end = (last?.offsetBytes ?? 0) + (last?.lengthBytes ?? 0)
    if (end > handle.sizeBytes) {
      throw corruptCheckpoint(handle.path, `a section ends at ${end}, behind its end`)
    }
    const bytes = await readExactly(file, start, end - start)
    for (const { kind, name, keyGroup, offsetBytes, lengthBytes, crc32: checksum } of run) {
      const own = bytes.subarray(offsetBytes - start, offsetBytes - start + lengthBytes)
      if (crc32(own) !== checksum) {
        const what = kind === 'keyed' ? `key group ${keyGroup}` : `operator state "${name}"`
        throw corruptCheckpoint(handle.path, `${what} fails the checksum`)
      }
      result.push({ kind, name, keyGroup, pieces: [own] })
    }
  }
  return result
}

/** Groups sections that lie behind one another, to read them at once. */
function runsOf(sections: readonly StateSectionEntry[]): StateSectionEntry[][] {
  const runs: StateSectionEntry[][] = []
  let end = -1
  let sizeBytes = 0
  for (const section of sections) {
    const run = runs[runs.length - 1]
    if (run !== undefined && section.offsetBytes === end && sizeBytes < PIECE_BYTES_MAX) {
      run.push(section)
      sizeBytes += section.lengthBytes
    } else {
      runs.push([section])
      sizeBytes = section.lengthBytes
    }
    end = section.offsetBytes + section.lengthBytes
  }
  return runs
}

/** Joins small neighbours, so that a file takes few calls. */
function* largerPieces(pieces: readonly Uint8Array[]): IterableIterator<Uint8Array> {
  let pending: Uint8Array[] = []
  let sizeBytes = 0
  for (const piece of pieces) {
    if (sizeBytes > 0 && sizeBytes + piece.length > PIECE_BYTES_MAX) {
      yield joinBytes(pending)
      pending = []
      sizeBytes = 0
    }
    pending.push(piece)
    sizeBytes += piece.length
  }
  if (sizeBytes > 0) yield joinBytes(pending)
}

async function readExactly(
  file: FileHandle,
  positionBytes: number,
  lengthBytes: number,
): Promise<Uint8Array> {
  const bytes = await file.read(positionBytes, lengthBytes)
  if (bytes.length === lengthBytes) return bytes
  throw corruptCheckpoint(file.path, `it ends at ${positionBytes + bytes.length}, too early`)
}
