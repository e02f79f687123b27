import type { Counter, MetricGroup } from '../../core/metrics.ts'
import type { RecordBatch } from '../../core/record-batch.ts'
import { ACTIVE_STATUS, IDLE_STATUS, watermark } from '../../core/stream-element.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import type { Operator } from '../../operator/operator.ts'
import type { StreamNode } from '../../plan/stream-graph.ts'
import type { HeapKeyedStateBackend } from '../../state/heap/heap-keyed-state-backend.ts'
import type { OperatorStateBackend } from '../../state/operator-state-backend.ts'
import type { ResultPartition } from '../network/result-partition.ts'
import type { ChainOutput, ElementConsumer } from './chain-output.ts'

/** One operator of a chain with all that belongs to it. */
export interface ChainLink {
  readonly node: StreamNode
  readonly task: TaskInfo
  readonly operator: Operator
  readonly output: ChainOutput
  readonly metrics: MetricGroup
  readonly operatorState: OperatorStateBackend
  readonly keyedState: HeapKeyedStateBackend | undefined
  /** The link that gets all its records, if it is the only one to get them. */
  readonly next: ChainLink | undefined
}

/** Hands elements to an operator of the chain, by direct call. */
export class ChainedInput implements ElementConsumer {
  readonly #operator: Operator
  readonly #process: (batch: RecordBatch) => void
  readonly #output: ChainOutput
  readonly #recordsIn: Counter
  #watermarkMs: number = Number.MIN_SAFE_INTEGER

  /** @param process what the operator does with a batch of this input */
  constructor(
    operator: Operator,
    process: (batch: RecordBatch) => void,
    output: ChainOutput,
    metrics: MetricGroup,
  ) {
    this.#operator = operator
    this.#process = process
    this.#output = output
    this.#recordsIn = metrics.counter('numRecordsIn')
    metrics.gauge('currentInputWatermark', () => this.#watermarkMs)
  }

  batch(batch: RecordBatch): void {
    this.#recordsIn.add(batch.length)
    this.#process(batch)
    this.#output.flush()
  }

  watermark(timestampMs: number): void {
    this.#watermarkMs = timestampMs
    this.#operator.processWatermark(timestampMs)
    this.#output.flush()
  }

  watermarkStatus(idle: boolean): void {
    this.#operator.processWatermarkStatus(idle)
    this.#output.flush()
  }
}

/** Hands the elements of an output to an exchange. */
export class ExchangeInput implements ElementConsumer {
  readonly #partition: ResultPartition

  constructor(partition: ResultPartition) {
    this.#partition = partition
  }

  batch(batch: RecordBatch): void {
    this.#partition.addBatch(batch)
  }

  takeBatch(batch: RecordBatch): void {
    this.#partition.takeBatch(batch)
  }

  watermark(timestampMs: number): void {
    this.#partition.broadcast(watermark(timestampMs))
  }

  watermarkStatus(idle: boolean): void {
    this.#partition.broadcast(idle ? IDLE_STATUS : ACTIVE_STATUS)
  }
}
