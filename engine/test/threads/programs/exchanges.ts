import {
  asyncDataStream,
  type CheckpointedFunction,
  type Collector,
  type FilterFunction,
  type FlatMapFunction,
  type FunctionInitializationContext,
  fixedDelayRetry,
  type OperatorListState,
  type RuntimeContext,
  types,
} from '../../../src/index.ts'
import { READING_COUNT, type Reading } from './paused-readings.ts'
import { type Program, type ProgramGroup, READING } from './program.ts'

const text = ({ id, n }: Reading): string => `${id} ${n}`

/** Answers a while later, at the second try for one id in ten. */
class Lookup {
  private readonly tried = new Set<number>()

  async asyncInvoke(reading: Reading): Promise<string> {
    for (let turns = reading.id % 5; turns > 0; turns--) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (reading.id % 10 === 0 && !this.tried.has(reading.id)) {
      this.tried.add(reading.id)
      throw new Error('busy')
    }
    return text(reading)
  }
}

const lookups: Program = ({ readings }) =>
  asyncDataStream
    .unorderedWait(readings.rebalance(), new Lookup(), {
      capacity: 40,
      retry: fixedDelayRetry({ maxRetries: 2, delayMs: 1, ifError: () => true }),
      type: READING,
    })
    .union(
      asyncDataStream
        .orderedWait(readings, async (reading: Reading) => `in order ${text(reading)}`, {
          capacity: 7,
          type: READING,
        })
        .map((line) => line),
    )

/** Counts and sums what it gets, in operator state; tells it when all is there. */
class Total implements FlatMapFunction<Reading, string>, CheckpointedFunction {
  private readonly mode: 'split' | 'union'
  private state!: OperatorListState<readonly [count: number, sum: number]>
  private count = 0
  private sum = 0
  private isFirst = false

  constructor(mode: 'split' | 'union') {
    this.mode = mode
  }

  initializeState({ operatorState }: FunctionInitializationContext): void {
    const type = types.tuple(types.int, types.int)
    this.state =
      this.mode === 'split'
        ? operatorState.getListState('totals', type)
        : operatorState.getUnionListState('totals', type)
    for (const [count, sum] of this.state.get()) {
      this.count += count
      this.sum += sum
    }
  }

  open({ task }: RuntimeContext): void {
    this.isFirst = task.subtaskIndex === 0
  }

  snapshotState(): void {
    this.state.update(this.isFirst ? [[this.count, this.sum]] : [])
  }

  flatMap({ n }: Reading, out: Collector<string>): void {
    this.count++
    this.sum += n
    if (this.count >= READING_COUNT) out.collect(`${this.count} readings, ${this.sum}`)
  }
}

/** Lets a reading pass in one of the subtasks that all get it. */
class OwnShare implements FilterFunction<Reading> {
  private subtask = 0
  private count = 1

  open({ task }: RuntimeContext): void {
    this.subtask = task.subtaskIndex
    this.count = task.parallelism
  }

  filter({ id }: Reading): boolean {
    return id % this.count === this.subtask
  }
}

/** Partitioners, operator state, asynchronous calls. */
export const EXCHANGES: ProgramGroup = {
  programs: {
    lookups,
    'list state': ({ readings }) => readings.global().flatMap(new Total('split')),
    'union list state': ({ readings }) => readings.global().flatMap(new Total('union')),
    buffers: ({ readings }) =>
      readings
        .rebalance()
        .bufferAndFlush({ size: 10, type: READING })
        .flatMap((held, out: Collector<string>) => {
          for (const reading of held) out.collect(text(reading))
        }),
    partitioners: ({ readings }) =>
      readings
        .rebalance()
        .map((reading) => ({ ...reading, n: reading.n + 1 }))
        .rescale()
        .map((reading) => ({ ...reading, n: reading.n + 1 }))
        .shuffle()
        .map((reading) => ({ ...reading, n: reading.n + 1 }))
        .partitionCustom(
          (id: number, subtasks) => (id + 1) % subtasks,
          ({ id }) => id,
        )
        .map(text),
    'broadcast and share': ({ readings }) => readings.broadcast().filter(new OwnShare()).map(text),
  },
}
