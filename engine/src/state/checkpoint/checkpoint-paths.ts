import { murmurString } from '../../base/murmur.ts'

const DIRECTORY_PREFIX = 'chk-'

/** Keeps names below the limits of file systems. */
const NAME_LENGTH_MAX = 120

/** Name of the file whose presence makes a checkpoint complete. */
export const METADATA_NAME = 'metadata'

/** Name under which the metadata is written before it is renamed. */
export const METADATA_TEMPORARY_NAME = 'metadata.tmp'

/** The name of a checkpoint's folder. */
export function checkpointDirectoryName(checkpointId: number): string {
  return `${DIRECTORY_PREFIX}${checkpointId}`
}

/** The checkpoint id in the name of a folder; undefined if it is another folder. */
export function checkpointIdOf(directoryName: string): number | undefined {
  const digits = /^chk-(0|[1-9]\d{0,15})$/.exec(directoryName)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** The name of a state file. Different operators and subtasks have different names. */
export function stateFileName(operatorId: string, subtaskIndex: number): string {
  return `${safeName(operatorId)}-${subtaskIndex}.state`
}

/** A text as part of a file name: other characters than letters, digits, `.`, `_` are encoded. */
export function safeName(text: string): string {
  const encoded = text.replace(
    /[^A-Za-z0-9._-]/g,
    (unit) => `~${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const name = /^\.*$/.test(encoded) ? `~${encoded}` : encoded
  if (name.length <= NAME_LENGTH_MAX) return name
  return `${name.slice(0, NAME_LENGTH_MAX)}~${murmurString(text).toString(16)}`
}

/** The folder that a path is in. */
export function parentOf(path: string): string {
  const end = path.lastIndexOf('/')
  if (end < 0) return '.'
  return end === 0 ? '/' : path.slice(0, end)
}

/** A path without slashes at its end. */
export function withoutEndingSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') || '/' : path
}
