import { describe, expect, test } from 'vitest'
import {
  ErrorCode,
  getExecutionEnvironment,
  type StreamExecutionEnvironment,
  type WatermarkStrategy,
  watermarks,
} from '../../src/index.ts'
import type { Source } from '../../src/spi.ts'
import { pass, runInSim, SimHost } from './run-in-sim.ts'

/** The error of a program that cannot run, in one line. */
async function refusal(
  build: (env: StreamExecutionEnvironment) => unknown,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly code: string; readonly message: string }> {
  return runInSim(async (env) => {
    try {
      build(env)
      await env.execute('refused')
    } catch (error) {
      const { cause } = error as { readonly cause?: { readonly code: string } }
      return (cause ?? error) as { readonly code: string; readonly message: string }
    }
    throw new Error('the job ran')
  }, settings)
}

test('PAR-10 more subtasks than slots: both numbers and the two cures', async () => {
  const { code, message } = await refusal(
    (env) => env.setParallelism(5).fromSequence(1, 9).print(),
    { 'taskmanager.number-of-task-slots': 4 },
  )
  expect(code).toBe(ErrorCode.NOT_ENOUGH_SLOTS)
  expect(message).toBe(
    "job 'refused' needs 5 slots, 4 of 4 are free; lower its parallelism or raise " +
      "'taskmanager.number-of-task-slots'",
  )
})

test('PAR-10 a source that is not parallel: its name, the reason and the cure', async () => {
  const { code, message } = await refusal((env) =>
    env.socketTextStream('localhost', 9_999).name('Lines').setParallelism(4).print(),
  )
  expect(code).toBe(ErrorCode.INVALID_PROGRAM)
  expect(message).toBe(
    "operator 'Lines' cannot run with parallelism 4: it has one connection; set its parallelism to 1 " +
      'and rebalance() after it',
  )
})

test('PAR-10 a parallelism above the number of key groups: both numbers', async () => {
  const { code, message } = await refusal(
    (env) =>
      env
        .fromElements(1)
        .keyBy((n) => n)
        .sum()
        .name('Sums')
        .setParallelism(4)
        .print(),
    { 'pipeline.max-parallelism': 2 },
  )
  expect(code).toBe(ErrorCode.INVALID_PROGRAM)
  expect(message).toBe(
    "operator 'Sums' has parallelism 4 but max parallelism 2; lower the one or raise the other (max " +
      'parallelism is fixed for the life of the state)',
  )
})

test('PAR-10 a custom partitioner that names no subtask: what it returned and what it may', async () => {
  const { code, message } = await refusal((env) =>
    env
      .fromElements(7)
      .partitionCustom(
        (key: number) => key,
        (n) => n,
      )
      .map((n) => n)
      .setParallelism(2)
      .print(),
  )
  expect(code).toBe(ErrorCode.USER_FUNCTION)
  expect(message).toContain(
    'the custom partitioner returned 7; it must return a whole number from 0 to 1',
  )
})

test('PAR-10 subtasks of a bounded source without a split end, and hold no window back', async () => {
  const env = getExecutionEnvironment().setParallelism(4)
  const one = await env.fromSequence(1, 1).executeAndCollect()
  expect(one).toEqual([1])
})

describe('PAR-10 an unbounded source with more subtasks than splits', () => {
  /** Gives its one split to subtask 0, and tells the others nothing: one might still turn up. */
  const oneSplit: Source<number, { readonly index: number }, null> = {
    name: 'one split',
    boundedness: 'unbounded',
    createEnumerator: (context) => ({
      start: () => {},
      handleSplitRequest: (subtaskIndex) => {
        if (subtaskIndex === 0) context.assignSplit({ index: 0 }, 0)
      },
      addSplitsBack: () => {},
      addReader: () => {},
      snapshotState: () => null,
      close: () => {},
    }),
    createReader: (context) => ({
      start: () => context.requestSplit(),
      poll: () => 'waiting',
      addSplits: () => {},
      notifyNoMoreSplits: () => {},
      snapshotState: () => [],
      close: () => {},
    }),
  }

  async function warningsOf(
    strategy: WatermarkStrategy<number>,
    runMs: number,
  ): Promise<readonly string[]> {
    const host = new SimHost()
    await host.run(async (env, process) => {
      env.fromSource(oneSplit, strategy, 'Lines', 3).map((n) => n)
      const client = await env.executeAsync('waits')
      await pass(process, runMs)
      await client.cancel()
    })
    return host.warnings.filter((line) => line.includes('split')).toSorted()
  }

  test('each subtask that has had none for a minute is named, with the cures', async () => {
    const warning = (subtask: number): string =>
      `operator 'Lines' (subtask ${subtask}): has had no split for 60 s, and holds the watermark ` +
      'back. If there are fewer splits than its 3 subtasks, lower the parallelism of the source, or ' +
      'let the watermark go on without silent subtasks by withIdleness()'
    expect(await warningsOf(watermarks.monotonous(), 59_000)).toEqual([])
    expect(await warningsOf(watermarks.monotonous(), 300_000)).toEqual([warning(1), warning(2)])
  })

  test('nothing is said where nothing is held back', async () => {
    expect(await warningsOf(watermarks.none(), 300_000)).toEqual([])
    const tolerant = watermarks.monotonous<number>().withIdleness(1_000)
    expect(await warningsOf(tolerant, 300_000)).toEqual([])
  })
})
