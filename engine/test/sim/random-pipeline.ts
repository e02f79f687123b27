import fc from 'fast-check'
import type {
  FeedStep,
  PipelineDescription,
  SourceDescription,
  Stage,
  StageBody,
  TimedRecord,
} from './pipeline-description.ts'
import {
  isCertain,
  permits,
  propertiesAfter,
  propertiesOfSources,
  type StreamProperties,
} from './stream-properties.ts'

/** Event time of the first records. */
const EVENT_START_MS = 1_000

const parallelism = fc.integer({ min: 1, max: 3 })

const recordDraw = fc.record({
  split: fc.nat(2),
  key: fc.nat(3),
  n: fc.integer({ min: 1, max: 9 }),
  stepMs: fc.nat(6).map(doubled),
  behindMs: fc.nat(10).map(doubled),
  /** Whether it appears a while after the one before it. */
  pauseMs: fc.constantFrom(0, 1, 3, 9, 20),
})

type RecordDraw = typeof recordDraw extends fc.Arbitrary<infer T> ? T : never

const sourceDraw = fc.record({
  splitCount: fc.integer({ min: 1, max: 3 }),
  parallelism,
  records: fc.array(recordDraw, { minLength: 4, maxLength: 40, size: 'max' }),
  disjointKeys: fc.boolean(),
  /** How watermarks lag: by the disorder there is, by more, or by too little. */
  bound: fc.constantFrom('covers', 'covers', 'generous', 'late'),
  emitEveryMs: fc.integer({ min: 1, max: 30 }),
})

type SourceDraw = typeof sourceDraw extends fc.Arbitrary<infer T> ? T : never

const stageDraw = fc.record({
  parallelism,
  startsChain: fc.integer({ min: 0, max: 4 }).map((draw) => draw === 0),
  bodies: fc.array(stageBody(), { minLength: 4, maxLength: 4 }),
})

/** Random jobs whose committed output is certain; see `StreamProperties` for why. */
export const pipelines: fc.Arbitrary<PipelineDescription> = fc
  .record({
    first: sourceDraw,
    second: fc.option(sourceDraw, { freq: 2 }),
    combine: fc.constantFrom('union' as const, 'join' as const),
    combineParallelism: parallelism,
    stages: fc.array(stageDraw, { minLength: 1, maxLength: 4 }),
    sinks: fc.constantFrom(
      ['log' as const],
      ['log' as const],
      ['file' as const],
      ['file' as const],
      ['file' as const, 'log' as const],
    ),
    sinkParallelism: parallelism,
    spanningFiles: fc.boolean(),
    chaining: fc.boolean(),
    rescales: fc.boolean(),
    checkpointIntervalMs: fc.integer({ min: 3, max: 40 }),
    restartDelayMs: fc.constantFrom(0, 1, 10),
    retainedCheckpoints: fc.integer({ min: 1, max: 3 }),
    channelCredits: fc.constantFrom(1, 2, 8),
    commitDelayMs: fc.constantFrom(0, 0, 4),
  })
  .map(({ first, second, stages, ...rest }) => {
    const sources = [first, ...(second === null ? [] : [second])].map((draw, index, all) =>
      sourceOf(draw, index, all.length === 1),
    )
    const base = { sources, ...rest, stages: [] as readonly Stage[] }
    const description = { ...base, stages: stagesOf(stages, propertiesOfSources(base)) }
    return description.rescales && !isCertain(description)
      ? { ...description, rescales: false }
      : description
  })

function sourceOf(draw: SourceDraw, index: number, isOnly: boolean): SourceDescription {
  const single = isOnly && draw.bound === 'late'
  const splitCount = single ? 1 : draw.splitCount
  const sourceParallelism = single ? 1 : draw.parallelism
  const { steps, endMs } = feed(draw.records, splitCount, draw.disjointKeys, 'ab'[index] ?? '')
  const times = steps.flatMap((step) => step.records.map(({ timestampMs }) => timestampMs))
  const range = Math.max(...times) - Math.min(...times)
  // Draws lie at most 20 ms behind their time, and time only grows.
  const covering = splitCount <= sourceParallelism ? 20 : range
  const boundMs = single ? 5 : draw.bound === 'generous' ? range + 10 : covering
  return {
    splitCount,
    parallelism: sourceParallelism,
    steps,
    endMs,
    boundMs,
    emitEveryMs: draw.emitEveryMs,
    disjointKeys: draw.disjointKeys,
  }
}

function feed(
  draws: readonly RecordDraw[],
  splitCount: number,
  disjointKeys: boolean,
  prefix: string,
): { readonly steps: readonly FeedStep[]; readonly endMs: number } {
  const steps: { atMs: number; split: number; records: TimedRecord[] }[] = []
  let atMs = 1
  let eventMs = EVENT_START_MS
  const openSteps = new Map<number, TimedRecord[]>()
  for (const [position, draw] of draws.entries()) {
    const split = draw.split % splitCount
    const key = `k${disjointKeys ? draw.key * splitCount + split : draw.key}`
    eventMs += draw.stepMs
    if (draw.pauseMs > 0) openSteps.clear()
    atMs += draw.pauseMs
    let records = openSteps.get(split)
    if (records === undefined) {
      records = []
      openSteps.set(split, records)
      steps.push({ atMs, split, records })
    }
    const record = { id: `${prefix}${position}`, key, n: draw.n }
    records.push({ record, timestampMs: eventMs - draw.behindMs })
  }
  return { steps, endMs: atMs + 5 }
}

function stagesOf(
  draws: readonly { parallelism: number; startsChain: boolean; bodies: readonly StageBody[] }[],
  start: StreamProperties,
): readonly Stage[] {
  const stages: Stage[] = []
  let stream = start
  for (const { parallelism, startsChain, bodies } of draws) {
    const allowed = stream
    const body = bodies.find((candidate) => permits(allowed, candidate)) ?? {
      kind: 'map',
      add: 1,
    }
    const stage: Stage = { ...body, parallelism, startsChain }
    stages.push(stage)
    stream = propertiesAfter(stream, stage)
  }
  return stages
}

function doubled(value: number): number {
  return value * 2
}

function stageBody(): fc.Arbitrary<StageBody> {
  const small = fc.integer({ min: 2, max: 3 })
  const sizeMs = fc.integer({ min: 2, max: 30 }).map(doubled)
  const window = (late: boolean): fc.Arbitrary<StageBody> =>
    fc
      .record({
        kind: fc.constant('window' as const),
        shape: fc.constantFrom('tumbling' as const, 'sliding' as const, 'session' as const),
        sizeMs,
        slideMs: fc.integer({ min: 2, max: 20 }).map(doubled),
        latenessMs: late ? fc.constantFrom(0, 0, 5, 15) : fc.constantFrom(0, 10),
        late: fc.constant(late),
        way: fc.constantFrom('aggregate' as const, 'reduce' as const, 'list' as const),
      })
      .map((body) => (body.shape === 'session' ? { ...body, sizeMs: body.sizeMs + 1 } : body))
  return fc.oneof(
    fc.record({ kind: fc.constant('map' as const), add: fc.nat(5) }),
    fc.record({ kind: fc.constant('filter' as const), modulus: fc.integer({ min: 3, max: 6 }) }),
    fc.record({ kind: fc.constant('flatMap' as const), copies: small }),
    fc.record({ kind: fc.constant('rekey' as const), keyCount: fc.integer({ min: 1, max: 5 }) }),
    fc.record({
      kind: fc.constant('exchange' as const),
      how: fc.constantFrom('rebalance' as const, 'shuffle' as const, 'rescale' as const),
    }),
    fc.record({ kind: fc.constant('selfUnion' as const), modulus: small }),
    fc.record({ kind: fc.constant('distinct' as const) }),
    fc.record({ kind: fc.constant('count' as const) }),
    fc.record({ kind: fc.constant('runningSum' as const) }),
    fc.record({ kind: fc.constant('previous' as const) }),
    fc.record({ kind: fc.constant('buckets' as const), sizeMs }),
    fc.record({
      kind: fc.constant('hold' as const),
      delayMs: fc.integer({ min: 0, max: 80 }),
    }),
    { arbitrary: window(false), weight: 3 },
    { arbitrary: window(true), weight: 3 },
  )
}
