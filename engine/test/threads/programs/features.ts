/// <reference types="node" />
// Jobs for the feature tests that run both in one isolate and on threads. The argument names one.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as nextTimer } from 'node:timers/promises'
import {
  type Accumulator,
  type DataStream,
  DEAD_LETTERS,
  type FlatMapFunction,
  getExecutionEnvironment,
  type MapFunction,
  type RuntimeContext,
  type StreamExecutionEnvironment,
  sequenceSource,
  types,
  valueState,
} from '../../../src/index.ts'
import type { Source } from '../../../src/spi.ts'

/** Builds a job; its results are compared as texts. */
export type FeatureJob = (env: StreamExecutionEnvironment) => DataStream<string>

const numbers = (env: StreamExecutionEnvironment): DataStream<number> =>
  env.fromSequence(1, 300).rebalance()

/** Three records make the function throw. */
const poisoned: FeatureJob = (env) => {
  const checked = numbers(env)
    .map((n) => {
      if (n % 100 === 0) throw new Error(`${n} is poison`)
      return `${n}`
    })
    .name('Check')
  const letters = checked.getSideOutput(DEAD_LETTERS)
  return checked.union(letters.map(({ record, cause }) => `${record}, ${cause}`))
}

const fails: FeatureJob = (env) =>
  numbers(env).map<string>(() => {
    throw new Error('always')
  })

/** Keyed state on a stream without keys: no restart would help. */
const notKeyed: FeatureJob = (env) =>
  numbers(env).map<string>({
    open: (context: RuntimeContext) => void context.getState(valueState('count')),
    map: (n: number) => `${n}`,
  })

/** Remembers the longest text: code that only this program has. */
class Longest implements Accumulator<string, string> {
  localValue = ''

  add(value: string): void {
    if (value.length > this.localValue.length) this.localValue = value
  }

  merge(other: Accumulator<string, string>): Longest {
    const merged = new Longest()
    merged.add(this.localValue)
    merged.add(other.localValue)
    return merged
  }
}

class KeepsLongest implements FlatMapFunction<number, string> {
  private readonly longest = new Longest()

  open(context: RuntimeContext): void {
    context.addAccumulator('longest', this.longest)
  }

  flatMap(n: number): void {
    this.longest.add(`${n}`)
  }
}

class Range {
  readonly from: number
  readonly to: number

  constructor(from: number, to: number) {
    this.from = from
    this.to = to
  }

  get length(): number {
    return this.to - this.from
  }
}

const RANGE = types.custom<Range>({
  name: 'range',
  version: 1,
  accepts: (value) => value instanceof Range,
  serialize: ({ from, to }, output) => {
    output.f64(from)
    output.f64(to)
  },
  deserialize: (input) => new Range(input.f64(), input.f64()),
})

/** A source of ranges, each a split; `assign` gives one to a reader. */
function rangeSource<S>(
  assign: (request: number) => S | undefined,
  read: (split: S) => string,
  splitType?: Source<string, S, null>['splitType'],
): Source<string, S, null> {
  let requests = 0
  return {
    name: 'Ranges',
    boundedness: 'bounded',
    ...(splitType && { splitType }),
    createEnumerator: ({ assignSplit, signalNoMoreSplits }) => ({
      start: () => {},
      handleSplitRequest: (subtaskIndex) => {
        const split = assign(requests++)
        if (split === undefined) signalNoMoreSplits(subtaskIndex)
        else assignSplit(split, subtaskIndex)
      },
      addSplitsBack: () => {},
      addReader: () => {},
      snapshotState: () => null,
      close: () => {},
    }),
    createReader: ({ requestSplit, wakeUp }) => {
      let splits: S[] = []
      let isOver = false
      return {
        start: requestSplit,
        poll: (output) => {
          for (const split of splits) output.collect(read(split), 0)
          if (splits.length > 0) requestSplit()
          splits = []
          return isOver ? 'end' : 'waiting'
        },
        addSplits: (added) => {
          splits.push(...added)
          wakeUp()
        },
        notifyNoMoreSplits: () => {
          isOver = true
          wakeUp()
        },
        snapshotState: () => splits,
        close: () => {},
      }
    },
  }
}

const ranges: FeatureJob = (env) =>
  env.fromSource(
    rangeSource(
      (request) => (request < 6 ? new Range(request, 2 * request) : undefined),
      (range) => `${range instanceof Range} ${range.length}`,
      RANGE,
    ),
  )

const functionsAsSplits: FeatureJob = (env) =>
  env.fromSource(
    rangeSource(
      (request) => (request === 0 ? () => 'a split' : undefined),
      (split) => split(),
    ),
  )

const brokenEnumerator: FeatureJob = (env) =>
  env.fromSource(
    rangeSource<string>(
      () => {
        throw new Error('no splits today')
      },
      (split) => split,
    ),
  )

/** Uses a resource that takes a while to close; a file tells that it has. */
class UsesResource implements MapFunction<number, string> {
  open(context: RuntimeContext): void {
    const { globalParameters, task } = context
    const file = join(globalParameters['folder'] ?? '', `closed-${task.subtaskIndex}`)
    context.acquire({
      name: 'slow to close',
      open: () => file,
      close: async () => {
        for (let turns = 0; turns < 50; turns++) await nextTimer(1)
        await writeFile(file, '')
      },
    })
  }

  map(n: number): string {
    return `${n}`
  }
}

/** A function that cannot be closed. */
class Spins implements MapFunction<number, string> {
  map(n: number): string {
    return `${n}`
  }

  close(): void {
    for (;;) Atomics.load(WORD, 0)
  }
}

const WORD = new Int32Array(1)

/** Instances of a class that has no serializer, between two subtasks. */
const instances: FeatureJob = (env) =>
  numbers(env)
    .map((n) => new Range(0, n))
    .keyBy((range) => range.to, types.int)
    .map(({ to }) => `${to}`)

/** Tells what the job's parameters and settings are where it runs. */
const parameters: FeatureJob = (env) =>
  env
    .fromSource(sequenceSource(1, 1))
    .rebalance()
    .map({
      open(this: { color?: string | undefined }, { globalParameters }: RuntimeContext) {
        this.color = globalParameters['color']
      },
      map(this: { color?: string | undefined }) {
        return `${this.color}`
      },
    })

/** The jobs by name. */
export const FEATURE_JOBS: Readonly<Record<string, FeatureJob>> = {
  poisoned,
  fails,
  notKeyed,
  accumulates: (env) => numbers(env).flatMap(new KeepsLongest()),
  ranges,
  functionsAsSplits,
  brokenEnumerator,
  instances,
  parameters,
  usesResource: (env) => numbers(env).map(new UsesResource()),
  spins: (env) => numbers(env).map(new Spins()),
}

if (import.meta.main) {
  const [name, parallelism] = process.argv.slice(2) as [string, string]
  const env = getExecutionEnvironment().configure({ 'execution.target': 'threads' })
  env.setParallelism(Number(parallelism))
  await FEATURE_JOBS[name]?.(env).executeAndCollect(name)
}
