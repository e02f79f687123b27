import { EngineError, ErrorCode } from '../../../base/engine-error.ts'
import {
  type Accumulator,
  CounterAccumulator,
  HistogramAccumulator,
} from '../../../core/accumulator.ts'
import type { TaskReport } from '../../../runtime/rpc/gateways.ts'

/** What a task knows of itself as plain data. */
export interface PlainReport {
  readonly metrics: TaskReport['metrics']
  readonly accumulators: readonly (readonly [string, PlainAccumulator])[]
  readonly keyGroups: TaskReport['keyGroups']
}

type PlainAccumulator =
  | { readonly kind: 'counter'; readonly sum: number }
  | { readonly kind: 'histogram'; readonly counts: ReadonlyMap<number, number> }

/**
 * Takes a report apart.
 * @throws UNSUPPORTED for an accumulator that is neither a counter nor a histogram: only code could
 *   merge it, and code does not cross threads
 */
export function toPlainReport({ metrics, accumulators, keyGroups }: TaskReport): PlainReport {
  return {
    metrics,
    keyGroups,
    accumulators: [...accumulators].map(([name, value]) => [name, toPlain(name, value)]),
  }
}

/** True if {@link toPlainReport} can take the report apart. */
export function canCross({ accumulators }: TaskReport): boolean {
  return [...accumulators.values()].every(
    (one) => one instanceof CounterAccumulator || one instanceof HistogramAccumulator,
  )
}

/** Puts a report together again. */
export function fromPlainReport({ metrics, accumulators, keyGroups }: PlainReport): TaskReport {
  return {
    metrics,
    keyGroups,
    accumulators: new Map(accumulators.map(([name, plain]) => [name, fromPlain(plain)])),
  }
}

function toPlain(name: string, accumulator: Accumulator<never, unknown>): PlainAccumulator {
  if (accumulator instanceof CounterAccumulator) {
    return { kind: 'counter', sum: accumulator.localValue }
  }
  if (accumulator instanceof HistogramAccumulator) {
    return { kind: 'histogram', counts: accumulator.localValue }
  }
  throw new EngineError(
    ErrorCode.UNSUPPORTED,
    `accumulator '${name}' is a ${accumulator.constructor.name}; on threads an accumulator is a ` +
      'CounterAccumulator or a HistogramAccumulator: use one of them, or a sink, or run in-process',
  )
}

function fromPlain(plain: PlainAccumulator): Accumulator<never, unknown> {
  if (plain.kind === 'counter') {
    const counter = new CounterAccumulator()
    counter.add(plain.sum)
    return counter
  }
  const histogram = new HistogramAccumulator()
  for (const [value, count] of plain.counts) {
    for (let i = 0; i < count; i++) histogram.add(value)
  }
  return histogram
}
