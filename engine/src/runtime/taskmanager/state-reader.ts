import { keyGroupRangeOf } from '../../core/key-group.ts'
import type { Env } from '../../env/env.ts'
import type { JobVertex } from '../../plan/job-graph.ts'
import type { TaskStorage } from '../../state/checkpoint/checkpoint-storage.ts'
import { redistributeOperatorState } from '../../state/state-redistribution.ts'
import type { StateSection } from '../../state/state-section.ts'
import type { TaskRestore } from '../rpc/gateways.ts'

/**
 * Reads the state of one subtask out of the files of all former subtasks: its key groups, and its
 * share of the operator state lists. The parallelism may have changed in between.
 */
export async function readRestoredState(
  env: Env,
  storage: TaskStorage,
  vertex: JobVertex,
  subtaskIndex: number,
  restore: TaskRestore,
): Promise<ReadonlyMap<string, readonly StateSection[]>> {
  const { parallelism, maxParallelism } = vertex
  const range = keyGroupRangeOf(subtaskIndex, maxParallelism, parallelism)
  const result = new Map<string, readonly StateSection[]>()
  for (const [operatorId, handles] of Object.entries(restore.operators)) {
    const keyed: StateSection[] = []
    const operatorSections: (readonly StateSection[])[] = []
    for (const handle of handles) {
      env.faultPoint('duringRestore')
      const sections =
        handle === undefined
          ? []
          : await storage.readSections(
              handle,
              ({ kind, keyGroup }) =>
                kind === 'operator' || (keyGroup >= range.first && keyGroup <= range.last),
            )
      keyed.push(...sections.filter((section) => section.kind === 'keyed'))
      operatorSections.push(sections.filter((section) => section.kind === 'operator'))
    }
    const own = redistributeOperatorState(operatorSections, parallelism)[subtaskIndex] ?? []
    result.set(operatorId, [...keyed, ...own])
  }
  return result
}
