import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import type { StreamNode } from '../../plan/stream-graph.ts'
import type {
  CheckpointMetadata,
  OperatorCheckpoint,
  StateHandle,
} from '../../state/checkpoint/checkpoint-metadata.ts'
import { planRestore } from './restore-plan.ts'

type NodeFacts = Partial<Pick<StreamNode, 'name' | 'uid' | 'maxParallelism' | 'isAddedByPlan'>>

/** A job of which each vertex is a chain of operators, named by operator id. */
function job(...chains: readonly Readonly<Record<string, NodeFacts>>[]): JobGraph {
  const vertices = chains.map((chain) => {
    const operators = Object.entries(chain).map(([operatorId, facts]) => ({
      operatorId,
      name: `operator ${operatorId}`,
      uid: `uid of ${operatorId}`,
      maxParallelism: 128,
      isAddedByPlan: false,
      ...facts,
    }))
    return { id: operators[0]?.operatorId, operators }
  })
  // Of a graph, the plan looks at nothing else.
  return { jobName: 'job', vertices } as unknown as JobGraph
}

function handle(path: string): StateHandle {
  return { path, sizeBytes: 1, sections: [] }
}

function stored(operatorId: string, facts: Partial<OperatorCheckpoint> = {}): OperatorCheckpoint {
  return {
    operatorId,
    uid: `uid of ${operatorId}`,
    name: `operator ${operatorId}`,
    parallelism: 1,
    maxParallelism: 128,
    stateful: true,
    subtasks: [handle(`${operatorId}-0`)],
    coordinator: undefined,
    finished: false,
    ...facts,
  }
}

function checkpoint(...operators: readonly OperatorCheckpoint[]): CheckpointMetadata {
  const times = { triggeredMs: 0, completedMs: 1 }
  return {
    checkpointId: 7,
    jobId: 'id',
    jobName: 'old',
    purpose: 'checkpoint',
    ...times,
    operators,
  }
}

describe('what each vertex gets', () => {
  test('the handles of all former subtasks, by operator, wherever the operator is chained now', () => {
    const two = [handle('a-0'), undefined, handle('a-2')]
    const plan = planRestore(
      job({ a: {}, b: {} }, { c: {} }),
      checkpoint(stored('c'), stored('b'), stored('a', { subtasks: two, parallelism: 3 })),
      false,
    )
    expect(plan.checkpointId).toBe(7)
    expect(plan.vertices.get('a')).toEqual({
      checkpointId: 7,
      operators: { a: two, b: [handle('b-0')] },
      finished: false,
    })
    expect(plan.vertices.get('c')?.operators).toEqual({ c: [handle('c-0')] })
  })

  test('an operator that is new starts without state', () => {
    const plan = planRestore(job({ a: {} }, { fresh: {} }), checkpoint(stored('a')), false)
    expect(plan.vertices.get('fresh')).toEqual({ checkpointId: 7, operators: {}, finished: false })
  })

  test('the enumerator state of each source', () => {
    const coordinator = new Uint8Array([1, 2])
    const plan = planRestore(
      job({ a: {} }, { b: {} }),
      checkpoint(stored('a', { coordinator }), stored('b')),
      false,
    )
    expect([...plan.coordinators]).toEqual([['a', coordinator]])
  })
})

describe('a vertex that had ended', () => {
  const finished = { finished: true }

  test('is not run again', () => {
    const ended = checkpoint(stored('a', finished), stored('b', finished))
    expect(planRestore(job({ a: {}, b: {} }), ended, false).vertices.get('a')?.finished).toBe(true)
  })

  test('is run if one operator of its chain had not, or is new', () => {
    const half = checkpoint(stored('a', finished), stored('b'))
    expect(planRestore(job({ a: {}, b: {} }), half, false).vertices.get('a')?.finished).toBe(false)
    const head = checkpoint(stored('a'), stored('b', finished))
    expect(planRestore(job({ a: {}, b: {} }), head, false).vertices.get('a')?.finished).toBe(false)
    const whole = checkpoint(stored('a', finished))
    const plan = planRestore(job({ a: {}, fresh: {} }), whole, false)
    expect(plan.vertices.get('a')?.finished).toBe(false)
  })
})

test('an operator that only the plan has put in has no say: not when it is new, nor when it is gone', () => {
  const finished = { finished: true }
  const added = { uid: undefined, isAddedByPlan: true }
  const without = checkpoint(stored('a', finished))
  const ended = planRestore(job({ a: {}, added }), without, false).vertices.get('a')
  expect(ended).toEqual({ checkpointId: 7, operators: { a: [handle('a-0')] }, finished: true })
  const runs = planRestore(job({ a: {}, added }), checkpoint(stored('a')), false).vertices.get('a')
  expect(runs?.finished).toBe(false)
  const stateless = { uid: undefined, stateful: false, subtasks: [] }
  const withIt = checkpoint(stored('a', finished), stored('added', { ...stateless, ...finished }))
  expect(planRestore(job({ a: {} }), withIt, false).vertices.get('a')?.finished).toBe(true)
})

describe('state that cannot be restored', () => {
  const refusal = (message: RegExp) =>
    expect.objectContaining({
      code: ErrorCode.STATE_NOT_RESTORABLE,
      message: expect.stringMatching(message),
    })

  test('state nobody takes is refused with its names and the operators that lack a uid', () => {
    const old = checkpoint(stored('gone'), stored('x1', { uid: undefined, name: 'Sum' }))
    expect(() => planRestore(job({ x2: { uid: undefined, name: 'Max' } }), old, false)).toThrow(
      refusal(
        /checkpoint 7 of job 'old' .*'operator gone' \(uid 'uid of gone'\); 'Sum' \(generated id x1\).*without uid: 'Max' \(x2\)/s,
      ),
    )
  })

  test('an operator of the plan is not asked for a uid', () => {
    const added = { uid: undefined, isAddedByPlan: true, name: 'Local' }
    const graph = job({ a: {}, added })
    expect(() => planRestore(graph, checkpoint(stored('gone')), false)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('Local') }),
    )
  })

  test('is dropped when that is allowed', () => {
    const plan = planRestore(job({ a: {} }), checkpoint(stored('a'), stored('gone')), true)
    expect([...plan.vertices.keys()]).toEqual(['a'])
    expect(plan.vertices.get('a')?.operators).toEqual({ a: [handle('a-0')] })
  })

  test('an operator without state may go', () => {
    const old = checkpoint(stored('a'), stored('gone', { stateful: false, subtasks: [undefined] }))
    expect(() => planRestore(job({ a: {} }), old, false)).not.toThrow()
  })

  test('another max parallelism is refused with both numbers; without state it is not', () => {
    const changed = job({ a: { maxParallelism: 64 } })
    expect(() => planRestore(changed, checkpoint(stored('a')), true)).toThrow(
      refusal(
        /'operator a' has max parallelism 64, its state was written with 128.*set it to 128/s,
      ),
    )
    const stateless = stored('a', { stateful: false, subtasks: [undefined] })
    expect(() => planRestore(changed, checkpoint(stateless), false)).not.toThrow()
  })
})
