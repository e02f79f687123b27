/**
 * How part files are called.
 *
 * - visible: `part-<subtask>-<n>-<token><suffix>`. The token is random, made anew by each execution
 *   attempt, so that no restart, rescale or second job can meet a name that is taken.
 * - hidden: `.part-<lineage>-<n>-<token>.inprogress`. A lineage is a line of writers, each restored
 *   from the state of the one before; it has one living writer at most. The state says which `n`
 *   comes next, so whatever the next writer finds of its lineage from `n` on is litter: written
 *   after the checkpoint by an attempt that is no more.
 */
import { murmurString } from '../../base/murmur.ts'
import type { TaskInfo } from '../../core/task-info.ts'

/** Names the parts of one writer. */
export interface PartNames {
  readonly lineage: string
  readonly token: string
  readonly visibleStart: string
  readonly suffix: string
}

/** A hidden file name taken apart. */
export interface HiddenPart {
  readonly lineage: string
  readonly number: number
  readonly token: string
}

/**
 * The lineage of a writer that starts without state: in a fresh job, or added to a restored one. It
 * is the same in each attempt from the same checkpoint, so that the next attempt knows what the
 * last one has left.
 */
export function firstLineage(
  task: TaskInfo,
  subtaskIndex: number,
  restoredCheckpointId: number | undefined,
): string {
  const start = `${task.jobId}\n${restoredCheckpointId ?? 0}\n`
  return digest(`${start}${task.operatorId}\n${subtaskIndex}`) + digest(start)
}

/** The token of an execution attempt. */
export function newToken(task: TaskInfo, random: { u32(): number }, nowMs: number): string {
  return digest(`${task.jobId}\n${task.subtaskIndex}\n${task.attempt}\n${nowMs}\n${random.u32()}`)
}

/** The visible name of part `number`. */
export function visibleName(names: PartNames, number: number): string {
  return `${names.visibleStart}-${number}-${names.token}${names.suffix}`
}

/** The hidden name of part `number`. */
export function hiddenName(names: PartNames, number: number): string {
  return `.part-${names.lineage}-${number}-${names.token}.inprogress`
}

/** Takes a hidden name apart; undefined if it is the name of something else. */
export function parseHiddenName(name: string): HiddenPart | undefined {
  const match = /^\.part-([0-9a-f]{16})-(\d+)-([0-9a-f]{8})\.inprogress$/.exec(name)
  if (match === null) return undefined
  const [, lineage, number, token] = match as unknown as [string, string, string, string]
  return { lineage, number: Number(number), token }
}

function digest(text: string): string {
  return hex(murmurString(text, 0x9747b28c))
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
