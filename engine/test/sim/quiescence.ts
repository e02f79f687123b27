import { TreeDirectory } from '../../src/env/file-tree.ts'
import type { JobState } from '../../src/plan/job-executor.ts'
import type { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import type { SimDisk } from '../../src/testing/sim/sim-disk.ts'
import type { SimProcess } from '../../src/testing/sim/sim-process.ts'
import { OUTPUT_FOLDER } from './crash-folders.ts'

/** Where a finished job may have left something. */
export interface FinishedJob {
  readonly process: SimProcess
  readonly disk: SimDisk
  readonly log: FakeTransactionLog<string> | undefined
  readonly checkpointFolder: string
  readonly retainedCheckpoints: number
}

/** What is still there of a finished job and should not be. */
export function leftoversOf(job: FinishedJob): readonly string[] {
  const { process, disk, log, checkpointFolder, retainedCheckpoints } = job
  const problems: string[] = []
  const hidden = names(disk, OUTPUT_FOLDER).filter((name) => name.startsWith('.'))
  if (hidden.length > 0) problems.push(`hidden files are left: ${hidden.join(', ')}`)
  const pending = log?.pending().map(({ id, status }) => `${id} ${status}`) ?? []
  if (pending.length > 0) problems.push(`transactions are left: ${pending.join(', ')}`)
  const { waitingCount } = process.timers
  if (waitingCount > 0) problems.push(`${waitingCount} timers are left`)
  const { openFileCount } = process.fileSystem
  if (openFileCount > 0) problems.push(`${openFileCount} files are open`)
  for (const job of names(disk, checkpointFolder)) {
    const folder = `${checkpointFolder}/${job}`
    const checkpoints = names(disk, folder)
    if (checkpoints.length > retainedCheckpoints) {
      problems.push(`more checkpoints than retained: ${checkpoints.join(', ')}`)
    }
    for (const checkpoint of checkpoints) {
      const files = names(disk, `${folder}/${checkpoint}`)
      if (!files.includes('metadata')) problems.push(`${checkpoint} has no metadata`)
      if (files.includes('metadata.tmp')) problems.push(`${checkpoint} has temporary metadata`)
    }
  }
  return problems
}

/** What may follow a state of a job that ends well. */
const NEXT: Readonly<Partial<Record<JobState, readonly JobState[]>>> = {
  CREATED: ['RUNNING'],
  RUNNING: ['RESTARTING', 'FINISHED'],
  RESTARTING: ['RUNNING'],
}

/**
 * What is wrong with the states that a finished job went through.
 *
 * @param troubles how much went wrong for which it may have restarted itself
 */
export function stateViolations(
  history: readonly { readonly state: JobState }[],
  troubles: number,
): readonly string[] {
  const states = history.map(({ state }) => state)
  const isLegal = states.every((state, index) => {
    const next = states[index + 1]
    return next === undefined ? state === 'FINISHED' : NEXT[state]?.includes(next) === true
  })
  const restarts = states.filter((state) => state === 'RESTARTING').length
  const problems: string[] = []
  if (!isLegal || states[0] !== 'CREATED') {
    problems.push(`the job went through ${states.join(', ')}`)
  }
  if (restarts > troubles) problems.push(`${restarts} restarts, but only ${troubles} reasons`)
  return problems
}

function names(disk: SimDisk, path: string): readonly string[] {
  const node = disk.tree.find(path)
  return node instanceof TreeDirectory ? [...node.entries.keys()] : []
}
