/**
 * `test/metamorphic` runs whole jobs in many variations that must not change their results: another
 * order of the input within its disorder, another parallelism, other batch sizes, no chaining,
 * crashes. What a job is made of is plain data, so that fast-check makes a failure small.
 */
import type fc from 'fast-check'
import type {
  DataStream,
  KeyedStream,
  StreamExecutionEnvironment,
  WatermarkStrategy,
} from '../../src/index.ts'
import type { TypeInformation } from '../../src/types/type-information.ts'
import { types } from '../../src/types/types.ts'

/** The records of all jobs here. `id` is unique in a case. */
export interface Item {
  readonly id: number
  readonly key: string
  readonly n: number
  /** Event time. */
  readonly atMs: number
}

export const ITEM: TypeInformation<Item> = types.row({
  id: types.int,
  key: types.string,
  n: types.int,
  atMs: types.int,
})

/** The records that both inputs get between two moments. */
export type Step = readonly [first: readonly Item[], second: readonly Item[]]

/** Virtual time from one step to the next: short, so that crashes find records under way. */
export const STEP_MS = 10

/** The same for jobs that ask the clock: a restart fits in. */
export const PUNCTUAL_STEP_MS = 100

/** What a subject builds its job from. */
export interface JobParts {
  readonly env: StreamExecutionEnvironment
  /** An input of the job; its watermarks are as the subject's order says. */
  items(input: 0 | 1, strategy?: WatermarkStrategy<Item>): DataStream<Item>
  /** Virtual milliseconds since the first step. */
  nowMs(): number
  /** Answers after virtual time; rejects if the value is an `Error`. */
  later<T>(afterMs: number, value: T | Error): Promise<T>
}

/** The items by key, parted the way the engine is told to. */
export function keyedItems({ items }: Pick<JobParts, 'items'>): KeyedStream<Item, string> {
  return items(0)
    .returns(ITEM)
    .keyBy((item) => item.key, types.string)
}

/** Makes the stream of results, which are compared as texts. */
export type BuildJob<D> = (parts: JobParts, description: D) => DataStream<string>

/**
 * What may be varied without changing a result. `permutation` is for inputs whose watermark covers
 * their disorder; without it, inputs come from one split, in one order, with watermarks that follow
 * from the records alone. `crash` loses what came since the last checkpoint and replays it;
 * `restart` kills the job when a checkpoint holds all there is, for jobs that ask the clock.
 * `rescale` lets a killed job go on at another parallelism. `idle` lets the input be silent until
 * it counts as idle; it is for jobs with one input, as another one would go on meanwhile.
 */
export type Relation =
  | 'permutation'
  | 'parallelism'
  | 'batchSize'
  | 'chaining'
  | 'schedule'
  | 'crash'
  | 'restart'
  | 'rescale'
  | 'idle'

/** For jobs whose watermarks cover the disorder of their input. */
export const IN_ANY_ORDER: readonly Relation[] = [
  'permutation',
  'parallelism',
  'batchSize',
  'chaining',
  'schedule',
  'crash',
  'rescale',
]

/** For jobs whose results follow from the order of the records. */
export const IN_ONE_ORDER: readonly Relation[] = IN_ANY_ORDER.filter(
  (relation) => relation !== 'permutation',
)

/** For jobs with one input. */
export function withIdleInput(relations: readonly Relation[]): readonly Relation[] {
  return [...relations, 'idle']
}

/** For jobs that ask the clock, or in which two inputs race: nothing may be replayed. */
export const BY_CLOCK: readonly Relation[] = IN_ONE_ORDER.map((relation) =>
  relation === 'crash' ? 'restart' : relation,
)

/** A kind of job with all that is claimed of it. */
export interface Subject<D> {
  readonly name: string
  /** What its jobs are made of. */
  readonly descriptions: fc.Arbitrary<D>
  readonly relations: readonly Relation[]
  readonly build: BuildJob<D>
  /** The answer of a plain program that sees all input at once. */
  expected?(description: D, steps: readonly Step[]): readonly string[]
  /** Results with equal text are promised to come in one order. Left out: no order is promised. */
  orderedBy?(result: string): string
  /** Mistakes that the relations must find: the suite is red if one is not noticed. */
  readonly canaries: Readonly<Record<string, BuildJob<D>>>
  /** How items are drawn, where the usual way will not do. */
  readonly items?: ItemDraws
}

/** How the items of a case are drawn. */
export interface ItemDraws {
  /** Keys are drawn from `k0` to one below. Default 3. */
  readonly keyCount?: number
  /** Event times are `firstMs` (default 0) to `lastMs` (default 100). */
  readonly firstMs?: number
  readonly lastMs?: number
  /** How many items an input gets at most. Default 20. */
  readonly countMax?: number
  /** How far watermarks stand behind the latest record, and the disorder if it is covered. */
  readonly boundMs?: number
  /** Whether each step has records for one input only, in turn, so that their order is known. */
  readonly takesTurns?: boolean
}
