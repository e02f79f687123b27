import type {
  PipelineDescription,
  SourceDescription,
  Stage,
  StageBody,
} from './pipeline-description.ts'

/**
 * What is certain about a stream however its job is scheduled. A stage may stand only where its
 * result follows from these alone; that is why the output of every generated pipeline, as a
 * multiset, does not depend on scheduling, and a reference can compute it.
 *
 * - `parallelism` of the operator the stream comes from.
 * - `ordered`: the records of a key come in the order of the source. A split is read in order, a
 *   channel keeps order, and all records of a key take one way. Lost where a key may take two
 *   ways: exchanges, unions, changes of parallelism, other keys.
 * - `sequential`: records and watermarks come in one fixed order. True while all is one subtask
 *   that reads one split; a keyed operator behind it still has a single input channel. Only here
 *   it is certain which records are late.
 * - `timed`: records have certain timestamps. All of a stream are even or all are odd, because
 *   those of sources and the sizes of aligned windows are even; gaps of sessions are odd, so no two
 *   records are exactly one gap apart (such two make one session only if the first has not fired).
 *   Unless the source is `late`, none is behind the watermark either: the bound of the source
 *   covers its disorder, results of windows and timers leave before the watermark that fired them,
 *   and operators take the minimum over channels.
 * - `unique`: no id occurs twice.
 */
export interface StreamProperties {
  readonly parallelism: number
  readonly ordered: boolean
  readonly sequential: boolean
  readonly timed: boolean
  readonly unique: boolean
  /** True if the bound of the source is smaller than its disorder. */
  readonly late: boolean
}

/** What holds behind the sources of a pipeline. */
export function propertiesOfSources(
  description: Pick<PipelineDescription, 'sources' | 'combine' | 'combineParallelism'>,
): StreamProperties {
  const [first, second] = description.sources as readonly [SourceDescription, SourceDescription?]
  const single = first.splitCount === 1 && first.parallelism === 1
  const late = description.sources.some(isLate)
  if (second === undefined) {
    return {
      parallelism: first.parallelism,
      ordered: first.disjointKeys || first.splitCount === 1,
      sequential: single,
      timed: true,
      unique: true,
      late,
    }
  }
  const joins = description.combine === 'join'
  return {
    // Behind a union of two sources the next operator always has an exchange.
    parallelism: joins ? description.combineParallelism : 0,
    ordered: false,
    sequential: false,
    timed: !joins,
    unique: true,
    late,
  }
}

/** True if records of the source may be behind its watermark. */
export function isLate(source: SourceDescription): boolean {
  const { splitCount, parallelism, steps, boundMs } = source
  let disorderMs = 0
  // A reader of several splits reads them in any order, all others one from start to end.
  const sequences = splitCount <= parallelism ? splitCount : 1
  for (let sequence = 0; sequence < sequences; sequence++) {
    const times = steps
      .filter((step) => sequences === 1 || step.split === sequence)
      .flatMap((step) => step.records.map((timed) => timed.timestampMs))
    if (splitCount > parallelism) {
      if (times.length > 0) disorderMs = Math.max(...times) - Math.min(...times)
      continue
    }
    let highestMs = Number.NEGATIVE_INFINITY
    for (const timestampMs of times) {
      if (timestampMs > highestMs) highestMs = timestampMs
      else disorderMs = Math.max(disorderMs, highestMs - timestampMs)
    }
  }
  return disorderMs > boundMs
}

/** Whether the result of the stage is certain on such a stream. */
export function permits(stream: StreamProperties, stage: StageBody): boolean {
  switch (stage.kind) {
    case 'runningSum':
    case 'previous':
      return stream.ordered
    case 'distinct':
      return stream.unique
    case 'buckets':
      return stream.timed && !stream.late
    case 'window':
      if (!stream.timed) return false
      if (!stage.late) return !stream.late
      // A late record may open a session again that is already given up: only without lateness.
      return stream.sequential && (stage.shape !== 'session' || stage.latenessMs === 0)
    default:
      return true
  }
}

const KEYED: ReadonlySet<string> = new Set([
  'distinct',
  'count',
  'runningSum',
  'previous',
  'buckets',
  'hold',
  'window',
])

/** True if the stage has keyed state. */
export function isKeyed(stage: StageBody): boolean {
  return KEYED.has(stage.kind)
}

/** What holds behind a stage. */
export function propertiesAfter(stream: StreamProperties, stage: Stage): StreamProperties {
  const { parallelism } = stage
  const forward = parallelism === stream.parallelism
  const sequential = stream.sequential && parallelism === 1
  const base = { ...stream, parallelism, sequential }
  switch (stage.kind) {
    case 'map':
    case 'filter':
    case 'flatMap':
      return { ...base, ordered: stream.ordered && forward }
    case 'rekey':
    case 'exchange':
    case 'selfUnion':
      return {
        ...base,
        ordered: false,
        sequential: sequential && stage.kind === 'rekey',
        parallelism: stage.kind === 'selfUnion' ? 0 : parallelism,
      }
    case 'distinct':
      // The records are doubled in the parallelism of the stage.
      return { ...base, ordered: stream.ordered && forward }
    case 'runningSum':
    case 'previous':
      return base
    case 'buckets':
      return { ...base, ordered: false, sequential: false }
    case 'window':
      if (!stage.late) return { ...base, ordered: false, sequential: false }
      return { ...base, ordered: false, timed: false, unique: false, sequential: false }
    case 'count':
      return { ...base, ordered: false, timed: false, unique: true }
    case 'hold':
      return { ...base, ordered: false, timed: false }
  }
}

/** True if the output of the pipeline, as a multiset, is certain. */
export function isCertain(description: PipelineDescription): boolean {
  let stream = propertiesOfSources(description)
  for (const stage of description.stages) {
    if (!permits(stream, stage)) return false
    // The parallelism of what stands before decides about order, so it must stay.
    if (description.rescales && (stream.late || needsOrder(stage))) return false
    stream = propertiesAfter(stream, stage)
  }
  return true
}

function needsOrder(stage: StageBody): boolean {
  return stage.kind === 'runningSum' || stage.kind === 'previous'
}
