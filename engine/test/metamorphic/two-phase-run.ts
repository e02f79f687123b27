import {
  type AggregateFunction,
  ConfigOptions,
  type DataStream,
  outputTag,
  type StreamExecutionEnvironment,
  types,
  watermarks,
} from '../../src/index.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { type JobDriver, testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'
import { type Item, keyedItems } from './subject.ts'
import { assignerOf, type WindowShape } from './window-shapes.ts'

/** Windows with what comes to them when, so that one job can be run in one phase and in two. */
export interface TwoPhaseCase {
  readonly shape: WindowShape
  readonly latenessMs: number
  readonly emission: 'accumulating' | 'discarding' | 'retracting'
  /** Whether late records go to a side output. */
  readonly putsAside: boolean
  readonly entriesMax: number
  readonly way: 'aggregate' | 'reduce'
  /** Whether folding is judged every few records, so that it ends and begins again. */
  readonly isJudgedOften: boolean
  readonly splitCount: number
  /** Of the source, and of the windows; both change with each kill. */
  readonly parallelism: readonly [source: number, windows: number]
  readonly batchSize: 1_024 | 7 | 1
  readonly seed: number
  readonly moves: readonly Move[]
}

/** What happens at one moment: the records of one split, or none. All is quiet again after it. */
export interface Move {
  readonly split: number
  readonly items: readonly Item[]
  /** The process is killed then, when a checkpoint holds all there is. */
  readonly isKilled: boolean
}

/**
 * How the windows are computed: as the program asks, or, where it does not ask, ahead of the
 * exchange in every other life of the job, the first or the second.
 */
export type Phases = 'one' | 'two' | 'two, then one' | 'one, then two' | 'two unasked'

/** What a run has given, in no order, and what it has counted over all its lives. */
export interface TwoPhaseOutcome {
  readonly results: readonly string[]
  readonly dropped: number
  readonly idleRecoveries: number
  /** Records that came to a first phase, and those of them that it did not fold. */
  readonly foldable: number
  readonly unfolded: number
}

const FIRST_MOVE_MS = 900

const MOVE_MS = 1_000

/** So long after a move that ends in a kill is the one checkpoint of a life. */
const CHECKPOINT_MS = 40

/** A restart is over so long after a move. */
const RESTART_MS = 200

/**
 * A split that is left out of a move is idle well before the next one, and well after the restart
 * if there is one. That is noticed up to a quarter late, and counts from the start of the life.
 */
const IDLE_MS = 1_300

const BOUND_MS = 2

const late = outputTag<Item>('late')

/** Changes what it is given, as it may, and gives back either of two accumulators. */
const listed: AggregateFunction<Item, number[], readonly number[]> = {
  accumulatorType: types.array(types.int),
  createAccumulator: () => [],
  add({ id }, ids) {
    ids.push(id)
    return ids
  },
  merge(left, right) {
    if (left.length === 0) return right
    left.push(...right)
    return left
  },
  getResult: (ids) => ids,
}

/** Runs the job in virtual time. Every record meets the same watermarks in all kinds of run. */
export async function runCase(one: TwoPhaseCase, phases: Phases): Promise<TwoPhaseOutcome> {
  const input = new ScriptedInput<Item>(one.splitCount)
  const log = new FakeTransactionLog<string>()
  let life = 0
  const job: JobDriver = testJob(
    (env) => {
      env.enableCheckpointing(nextKillMs(one, life) + CHECKPOINT_MS - job.world.virtualMs)
      buildJob(env, one, { input, log, life: life++, phases })
    },
    {
      seed: one.seed,
      faults: { buggify: { enabledProbability: 0, always: pointsOf(one) } },
    },
  )
  const counts = { dropped: 0, idleRecoveries: 0, foldable: 0, unfolded: 0 }
  const count = (): void => {
    counts.dropped += counted(job, 'numLateRecordsDropped')
    counts.idleRecoveries += counted(job, 'numIdleRecoveries')
    counts.foldable += counted(job, 'numRecordsIn', 'Local Window Aggregate')
    counts.unfolded += counted(job, 'numRecordsUnfolded')
  }
  for (const [index, { split, items, isKilled }] of one.moves.entries()) {
    await advanceTo(job, startMsOf(index))
    input.feed(
      items.map((item) => record(item, item.atMs)),
      split,
    )
    if (!isKilled) continue
    await job.checkpoints(1)
    count()
    await job.kill()
    await advanceTo(job, startMsOf(index) + RESTART_MS)
  }
  await advanceTo(job, startMsOf(one.moves.length))
  input.end()
  await job.finish()
  count()
  job.stop()
  return { results: log.committed.toSorted(), ...counts }
}

function startMsOf(move: number): number {
  return FIRST_MOVE_MS + move * MOVE_MS
}

/** When a life of the job ends, counted from 0; beyond all moves if it is the last. */
function nextKillMs({ moves }: TwoPhaseCase, life: number): number {
  const kills = [...moves.keys()].filter((index) => moves[index]?.isKilled)
  return startMsOf(kills[life] ?? moves.length + 1)
}

interface Life {
  readonly input: ScriptedInput<Item>
  readonly log: FakeTransactionLog<string>
  /** How often the job was killed before. */
  readonly life: number
  readonly phases: Phases
}

function buildJob(env: StreamExecutionEnvironment, one: TwoPhaseCase, parts: Life): void {
  const { input, log, life, phases } = parts
  const [sources, windows] = one.parallelism.map((parallelism) => 1 + ((parallelism + life) % 3))
  env.setParallelism(windows as number)
  env.set(ConfigOptions.preAggregation, isAhead(phases, life) ? 'always' : 'never')
  const strategy = watermarks
    .boundedOutOfOrderness<Item>(BOUND_MS)
    .withIdleness(IDLE_MS)
    .emitEvery(1)
  const items = env.fromSource(scriptedSource(input), strategy, 'items', sources)
  results(items, one, phases).sinkTo(transactionalSink(log))
}

/** Whether the plan of a life, counted from 0, folds ahead of the exchange. */
function isAhead(phases: Phases, life: number): boolean {
  if (phases === 'two unasked') return true
  return phases === (life % 2 === 0 ? 'two, then one' : 'one, then two')
}

function results(
  items: DataStream<Item>,
  { shape, latenessMs, emission, putsAside, entriesMax, way }: TwoPhaseCase,
  phases: Phases,
): DataStream<string> {
  const inTime = keyedItems({ items: () => items }).window(assignerOf(shape))
  const lenient = latenessMs === 0 ? inTime : inTime.allowedLateness(latenessMs)
  const keeping = putsAside ? lenient.sideOutputLateData(late) : lenient
  const windowed = phases === 'two' ? keeping.twoPhase({ entriesMax }) : keeping
  const emitting = windowed.emission<'accumulating' | 'discarding' | 'retracting'>(emission)
  const computed =
    way === 'reduce'
      ? emitting.reduce<string>(added, (key, { window }, [sum], out) => {
          out.collect(`${key} ${window} ${sum?.id} ${sum?.n}`)
        })
      : emitting.aggregate<number[], readonly number[], string>(
          listed,
          (key, { window }, [ids], out) => {
            out.collect(`${key} ${window} ${ids?.toSorted((left, right) => left - right)}`)
          },
        )
  const texts = computed.map((result: unknown) =>
    typeof result === 'string' ? result : JSON.stringify(result),
  )
  return texts.union(
    computed.getSideOutput(late).map(({ id, key, atMs }) => `late ${id} ${key} ${atMs}`),
  )
}

function added(left: Item, right: Item): Item {
  return { ...left, id: Math.max(left.id, right.id), n: left.n + right.n }
}

function counted({ client }: JobDriver, metric: string, operator?: string): number {
  return client
    .metrics()
    .filter(({ operatorName }) => operator === undefined || operatorName === operator)
    .reduce((sum, { values }) => sum + (values[metric] ?? 0), 0)
}

async function advanceTo(job: JobDriver, atMs: number): Promise<void> {
  const restMs = atMs - job.world.virtualMs
  if (restMs <= 0) throw new Error(`a move took ${-restMs} ms too long`)
  await job.advance(restMs)
}

function pointsOf({ batchSize, isJudgedOften }: TwoPhaseCase): readonly string[] {
  const points = isJudgedOften ? ['window.short-fold-stretches'] : []
  if (batchSize === 1) points.push('task.one-record-batches')
  if (batchSize === 7) points.push('task.seven-record-batches')
  return points
}
