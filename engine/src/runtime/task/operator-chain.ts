import { assert, EngineError, ErrorCode } from '../../base/engine-error.ts'
import { keyGroupRangeOf } from '../../core/key-group.ts'
import { metricGroup } from '../../core/metrics.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import type { Random } from '../../env/random.ts'
import type { OneInputOperator, Operator, TwoInputOperator } from '../../operator/operator.ts'
import type { ProcessingTimeService } from '../../operator/operator-context.ts'
import { SinkOperator } from '../../operator/sink/sink-operator.ts'
import { SourceOperator, type SourceOperatorLink } from '../../operator/source/source-operator.ts'
import type { JobVertex } from '../../plan/job-graph.ts'
import type { ResolvedRuntimeMode } from '../../plan/runtime-mode.ts'
import type { StreamEdge, StreamNode } from '../../plan/stream-graph.ts'
import {
  HeapKeyedStateBackend,
  type HeapKeyedStateBackendOptions,
} from '../../state/heap/heap-keyed-state-backend.ts'
import { OperatorStateBackend } from '../../state/operator-state-backend.ts'
import type { StateSection } from '../../state/state-section.ts'
import type { TypeRegistry } from '../../types/type-registry.ts'
import type { ResultPartition } from '../network/result-partition.ts'
import type { KeyGroupRecords } from '../rpc/gateways.ts'
import { type BatchCall, batchLimitOf, limitedTo } from './batch-limit.ts'
import { ChainedInput, type ChainLink, ExchangeInput } from './chain-link.ts'
import { ChainOutput, type ElementConsumer } from './chain-output.ts'
import { type CollectedInput, collectedInput } from './collected-input.ts'
import { fusedCall, mayFuse } from './fusion/fused-call.ts'
import { TaskOperatorContext, type TaskServices } from './task-operator-context.ts'

/** What a chain is built from, for one subtask and execution attempt. */
export interface ChainBlueprint {
  readonly vertex: JobVertex
  readonly jobId: string
  readonly jobName: string
  readonly runtimeMode: ResolvedRuntimeMode
  readonly subtaskIndex: number
  readonly attempt: number
  /** The sending ends of the vertex's outputs, by edge. */
  readonly partitions: ReadonlyMap<StreamEdge, ResultPartition>
  /** What they count of the records that go to keyed operators. */
  readonly keyGroups: readonly KeyGroupRecords[]
  /** Restored state by operator id; undefined if the job starts afresh. */
  readonly restored: ReadonlyMap<string, readonly StateSection[]> | undefined
  /** The checkpoint that `restored` is of. */
  readonly restoredCheckpointId: number | undefined
  readonly services: TaskServices
  readonly sourceLink: SourceOperatorLink
  /** The registered classes of the job. */
  readonly typeRegistry: TypeRegistry | undefined
  warn(message: string): void
}

/**
 * The operators of a task. Built from the last to the first, so that every output knows who takes
 * its records; opened in the same order, so that nobody receives a record before it is open.
 */
export class OperatorChain {
  /** Head first. */
  readonly links: readonly ChainLink[]
  readonly head: ElementConsumer | undefined
  readonly second: ElementConsumer | undefined
  /** In BATCH, what is collected of the input before the first operator gets it. */
  readonly collected: CollectedInput | undefined
  /** How many records an input of the chain gets at once, or a source is asked for. */
  readonly batchLimit: number
  /** Counts of the records sent to keyed operators. They grow as the chain runs. */
  readonly keyGroups: readonly KeyGroupRecords[]
  readonly #partitions: readonly ResultPartition[]
  /** The operator that ends next, and whether it was told that its input has ended. */
  #ending = 0
  #inputEnded = false

  constructor(blueprint: ChainBlueprint) {
    const inputs = new Map<number, ChainedInput>()
    const links: ChainLink[] = []
    const { random } = blueprint.services.env
    const batchLimit = batchLimitOf(random)
    const fuses = mayFuse(random)
    this.batchLimit = batchLimit
    for (const node of [...blueprint.vertex.operators].reverse()) {
      const link = buildLink(node, blueprint, inputs, links)
      links.unshift(link)
      if (node.body.kind === 'one-input' || node.body.kind === 'sink') {
        const call = fuses ? fusedCall(link) : processBatchOf(link)
        inputs.set(node.id, chainedInput(link, batchLimit, call))
      } else if (link.operator instanceof SourceOperator && fuses) {
        link.operator.processBy(fusedCall(link))
      }
    }
    this.links = links
    const head = links[0]
    assert(head !== undefined, `job vertex ${blueprint.vertex.name} has no operator`)
    if (head.node.body.kind === 'two-input') {
      const operator = head.operator as TwoInputOperator<unknown, unknown>
      this.second = chainedInput(head, batchLimit, (batch) => operator.processBatch2(batch))
      // Made last, so that the metric of the watermark is that of the input that gets it.
      this.head = chainedInput(head, batchLimit, (batch) => operator.processBatch1(batch))
    } else {
      this.head = inputs.get(head.node.id)
      this.second = undefined
    }
    const { runtimeMode, vertex, partitions } = blueprint
    this.collected = runtimeMode === 'BATCH' ? collectedInput(head, vertex) : undefined
    this.#partitions = [...partitions.values()]
    this.keyGroups = blueprint.keyGroups
  }

  /** The source at the head; undefined if the task has inputs. */
  get source(): SourceOperator<unknown, unknown> | undefined {
    const operator = this.links[0]?.operator
    return operator instanceof SourceOperator ? operator : undefined
  }

  open(): void {
    for (const { operator } of [...this.links].reverse()) {
      operator.initializeState()
      operator.open()
    }
    this.flush()
  }

  /** Hands on whatever operators emitted outside of the flow of batches: from timers and mails. */
  flush(): void {
    for (const { output } of this.links) output.flush()
  }

  get isAvailable(): boolean {
    for (const partition of this.#partitions) if (!partition.isAvailable) return false
    return true
  }

  onAvailable(notify: () => void): void {
    for (const partition of this.#partitions) partition.onAvailable(notify)
  }

  /** Sends what the exchanges have collected. */
  flushExchanges(): void {
    for (const partition of this.#partitions) partition.flush()
  }

  get partitions(): readonly ResultPartition[] {
    return this.#partitions
  }

  /**
   * Ends one input of the head; when `last`, the whole chain ends, operator by operator.
   * @returns true if it has ended; false if it waits for further inputs, or for the pending work of
   *   an operator: then see {@link OperatorChain.advanceEnd}
   */
  endInput(inputIndex: 0 | 1, last: boolean): boolean {
    const head = this.links[0] as ChainLink
    if (head.node.body.kind === 'two-input') {
      const operator = head.operator as TwoInputOperator<unknown, unknown>
      if (inputIndex === 0) operator.endInput1()
      else operator.endInput2()
    } else if (head.node.body.kind !== 'source') {
      ;(head.operator as OneInputOperator<unknown>).endInput()
    }
    head.output.flush()
    if (!last) return false
    this.#inputEnded = true
    return this.advanceEnd()
  }

  /**
   * Goes on with the end where an operator had pending work. Called after each mail.
   * @returns true once every operator has finished
   */
  advanceEnd(): boolean {
    for (; this.#ending < this.links.length; this.#ending++) {
      const { operator, output } = this.links[this.#ending] as ChainLink
      if (!this.#inputEnded) {
        this.#inputEnded = true
        ;(operator as OneInputOperator<unknown>).endInput()
        output.flush()
      }
      if (operator.hasPendingWork?.() === true) return false
      operator.finish()
      output.flush()
      this.#inputEnded = false
    }
    return true
  }

  /** Closes every operator, also if one of them fails. @returns the first error */
  close(): unknown {
    let first: unknown
    for (const { operator, keyedState } of this.links) {
      try {
        operator.close()
      } catch (error) {
        first ??= error
      }
      keyedState?.dispose()
    }
    return first
  }
}

function processBatchOf({ operator }: ChainLink): BatchCall {
  const one = operator as OneInputOperator<unknown>
  return (batch) => one.processBatch(batch)
}

/** An input of an operator. Watermarks reach a two-input operator by its first one alone. */
function chainedInput(link: ChainLink, batchLimit: number, call: BatchCall): ChainedInput {
  const { operator, output, metrics } = link
  const process = limitedTo(batchLimit, call, () => output.flush())
  return new ChainedInput(operator, process, output, metrics)
}

function buildLink(
  node: StreamNode,
  blueprint: ChainBlueprint,
  inputs: ReadonlyMap<number, ChainedInput>,
  following: readonly ChainLink[],
): ChainLink {
  const { services, vertex, subtaskIndex } = blueprint
  const metrics = metricGroup()
  const output = buildOutput(node, blueprint, inputs, metrics)
  const restored = blueprint.restored?.get(node.operatorId) ?? []
  const task: TaskInfo = Object.freeze({
    jobId: blueprint.jobId,
    jobName: blueprint.jobName,
    operatorName: node.name,
    operatorId: node.operatorId,
    subtaskIndex,
    parallelism: vertex.parallelism,
    maxParallelism: vertex.maxParallelism,
    attempt: blueprint.attempt,
  })
  const operatorState = new OperatorStateBackend({
    restored: restored.filter((section) => section.kind === 'operator'),
    typeRegistry: blueprint.typeRegistry,
    warn: blueprint.warn,
  })
  const keyedState =
    node.keyed === undefined
      ? undefined
      : new HeapKeyedStateBackend({
          keyGroupRange: keyGroupRangeOf(subtaskIndex, vertex.maxParallelism, vertex.parallelism),
          maxParallelism: vertex.maxParallelism,
          keyType: node.keyed.keyType,
          typeRegistry: blueprint.typeRegistry,
          processingTime:
            blueprint.runtimeMode === 'BATCH'
              ? withoutAlarms(services.processingTime)
              : services.processingTime,
          warn: (message) => blueprint.warn(`operator '${node.name}': ${message}`),
          restored: restored.filter((section) => section.kind === 'keyed'),
          ...twinsOf(services.env.random),
        })
  const states = {
    operatorState,
    keyedState,
    restoredCheckpointId: blueprint.restoredCheckpointId,
  }
  const operator = makeOperator(node, blueprint.sourceLink)
  operator.setup(new TaskOperatorContext(task, output, metrics, states, services))
  const next = nextOf(node, blueprint, following)
  return { node, task, operator, output, metrics, operatorState, keyedState, next }
}

function nextOf(
  node: StreamNode,
  { vertex, partitions }: ChainBlueprint,
  following: readonly ChainLink[],
): ChainLink | undefined {
  const edges = [...vertex.chainedEdges, ...partitions.keys()].filter(
    ({ source, tagId }) => source === node.id && tagId === undefined,
  )
  const only = edges.length === 1 ? edges[0] : undefined
  return following.find((link) => link.node.id === only?.target)
}

/** What a test may want in place of the quick forms of state. */
function twinsOf(
  random: Random,
): Pick<HeapKeyedStateBackendOptions, 'timerQueue' | 'mapLimit' | 'blockSlots'> {
  return {
    ...(random.buggify('state.timers-on-a-heap') && { timerQueue: 'heap' as const }),
    ...(random.buggify('state.maps-only') && { mapLimit: Number.POSITIVE_INFINITY }),
    ...(random.buggify('state.small-blocks') && { blockSlots: 2 }),
  }
}

/** In BATCH the timers of a key fire when the key ends, not by the clock. */
function withoutAlarms({ nowMs }: ProcessingTimeService): ProcessingTimeService {
  return { nowMs, schedule: () => ({ cancel: () => {} }) }
}

function buildOutput(
  node: StreamNode,
  blueprint: ChainBlueprint,
  inputs: ReadonlyMap<number, ChainedInput>,
  metrics: ReturnType<typeof metricGroup>,
): ChainOutput {
  const main: ElementConsumer[] = []
  const sides = new Map<string, ElementConsumer[]>()
  const add = (edge: StreamEdge, consumer: ElementConsumer | undefined): void => {
    assert(consumer !== undefined, `no consumer for an edge of operator '${node.name}'`)
    if (edge.tagId === undefined) main.push(consumer)
    else sides.set(edge.tagId, [...(sides.get(edge.tagId) ?? []), consumer])
  }
  for (const edge of blueprint.vertex.chainedEdges) {
    if (edge.source === node.id) add(edge, inputs.get(edge.target))
  }
  for (const [edge, partition] of blueprint.partitions) {
    if (edge.source === node.id) add(edge, new ExchangeInput(partition))
  }
  return new ChainOutput(main, sides, metrics.counter('numRecordsOut'))
}

function makeOperator(node: StreamNode, sourceLink: SourceOperatorLink): Operator {
  const { body } = node
  try {
    switch (body.kind) {
      case 'source':
        return new SourceOperator(body.source, body.watermarkStrategy, sourceLink)
      case 'sink':
        return new SinkOperator(body.sink)
      default:
        return body.factory()
    }
  } catch (error) {
    if (error instanceof EngineError) throw error
    throw new EngineError(ErrorCode.USER_FUNCTION, `operator '${node.name}' cannot be made`, {
      cause: error,
    })
  }
}
