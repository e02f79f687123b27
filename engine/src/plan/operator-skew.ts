import { subtaskOfKeyGroup } from '../core/key-group.ts'
import type { KeyGroupShare, OperatorSkew, SubtaskMetrics } from './job-executor.ts'
import type { JobGraph, JobVertex } from './job-graph.ts'
import type { StreamNode } from './stream-graph.ts'

/** How many of the key groups with the most records are named. */
const KEY_GROUPS_NAMED = 5

/** From this skew on a hint says what to do: the busiest subtask has half as much again. */
const SKEW_WORTH_A_HINT = 1.5

/**
 * The skew of each operator that has two or more subtasks, in the order of the graph.
 * @param keyGroups records by key group, for the operators that get them by key
 */
export function skewOf(
  graph: JobGraph,
  metrics: readonly SubtaskMetrics[],
  keyGroups: ReadonlyMap<string, Float64Array>,
): readonly OperatorSkew[] {
  const found: OperatorSkew[] = []
  for (const vertex of graph.vertices) {
    if (vertex.parallelism < 2) continue
    for (const node of vertex.operators) {
      const records = recordsBySubtask(node, vertex, metrics)
      const counts = keyGroups.get(node.operatorId) ?? new Float64Array(0)
      found.push(operatorSkew(node, records, hottest(counts, vertex), counts))
    }
  }
  return found
}

function operatorSkew(
  node: StreamNode,
  records: readonly number[],
  keyGroups: readonly KeyGroupShare[],
  counts: Float64Array,
): OperatorSkew {
  const max = Math.max(...records)
  const mean = records.reduce((sum, count) => sum + count, 0) / records.length
  const load = {
    operatorId: node.operatorId,
    operatorName: node.name,
    records,
    mean,
    max,
    skew: mean === 0 ? 1 : max / mean,
    busiestSubtask: records.indexOf(max),
    keyGroups,
  }
  return { ...load, hint: hintOf(load, counts.filter((count) => count > 0).length) }
}

function recordsBySubtask(
  node: StreamNode,
  vertex: JobVertex,
  metrics: readonly SubtaskMetrics[],
): readonly number[] {
  const records: number[] = new Array(vertex.parallelism).fill(0)
  for (const { operatorId, subtaskIndex, values } of metrics) {
    if (operatorId !== node.operatorId) continue
    records[subtaskIndex] = values.numRecordsIn ?? values.numRecordsOut ?? 0
  }
  return records
}

function hottest(counts: Float64Array, vertex: JobVertex): readonly KeyGroupShare[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return [...counts.entries()]
    .filter(([, records]) => records > 0)
    .sort(([, left], [, right]) => right - left)
    .slice(0, KEY_GROUPS_NAMED)
    .map(([keyGroup, records]) => ({
      keyGroup,
      subtaskIndex: subtaskOfKeyGroup(keyGroup, vertex.maxParallelism, vertex.parallelism),
      records,
      share: records / total,
    }))
}

function hintOf(
  { operatorName, records, skew, busiestSubtask, keyGroups }: Omit<OperatorSkew, 'hint'>,
  keyGroupsSeen: number,
): string | undefined {
  if (skew < SKEW_WORTH_A_HINT) return undefined
  const [first] = keyGroups
  if (first === undefined) {
    return (
      `subtask ${busiestSubtask} of '${operatorName}' has ${skew.toFixed(1)} times the mean of its ` +
      'subtasks: rebalance() before it shares the records evenly, if their order does not matter'
    )
  }
  if (keyGroupsSeen < records.length) {
    const without = records.filter((count) => count === 0).length
    return (
      `${without} of ${records.length} subtasks of '${operatorName}' have no records: its keys fall ` +
      `into ${keyGroupsSeen} of the key groups, and a key group has one subtask. Lower its ` +
      'parallelism, or key by something with more values'
    )
  }
  return (
    `subtask ${busiestSubtask} of '${operatorName}' has ${skew.toFixed(1)} times the mean of its ` +
    `subtasks; key group ${first.keyGroup} alone has ${(first.share * 100).toFixed(0)} % of the ` +
    'records. Aggregate windows in two phases, by twoPhase(), or key by something finer'
  )
}
