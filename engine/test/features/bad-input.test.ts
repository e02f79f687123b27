import { describe, expect, test } from 'vitest'
import {
  getExecutionEnvironment,
  type JobClient,
  type RuntimeContext,
  type StreamExecutionEnvironment,
} from '../../src/index.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { pass, passUntil, runInSim, type Settings, SimHost } from './run-in-sim.ts'

describe('configuration', () => {
  test('an unknown key is refused with the nearest known one, whoever set it', async () => {
    const env = getExecutionEnvironment()
    expect(() => env.configure({ 'parallelism.defualt': 2 })).toThrow(
      /no option 'parallelism.defualt' \(from code\); did you mean 'parallelism.default'\?/,
    )
    const fromFile = getExecutionEnvironment({ file: { 'execution.checkpoint.interval': '1 s' } })
    fromFile.fromElements(1).sinkTo(new ArraySink())
    await expect(fromFile.execute()).rejects.toThrow(
      /from file\); did you mean 'execution.checkpointing.interval'/,
    )
  })

  test('a bad value is refused with the key, the value and what is expected', () => {
    expect(() =>
      getExecutionEnvironment().configure({ 'execution.checkpointing.interval': 'often' }),
    ).toThrow(/execution.checkpointing.interval.*often.*duration/s)
  })
})

const completed = (client: JobClient): number =>
  client.checkpoints().filter(({ status }) => status === 'COMPLETED').length

const durable = {
  'execution.checkpointing.interval': 100,
  'execution.checkpointing.dir': '/checkpoints',
  'execution.checkpointing.num-retained': 5,
}
const latest = { ...durable, 'execution.state-recovery.path': 'latest' }
const newest = '/checkpoints/sums/chk-3'

/** Three checkpoints, of which each has seen one record more. */
async function threeCheckpoints(host: SimHost): Promise<void> {
  const input = new ScriptedInput<number>()
  await host.run(async (env, process) => {
    const client = await startSums(env, input, new ArraySink())
    for (let n = 1; n <= 3; n++) {
      input.feed([record(1)])
      await passUntil(process, () => completed(client) === n)
    }
  }, durable)
}

function startSums(
  env: StreamExecutionEnvironment,
  input: ScriptedInput<number>,
  sink: ArraySink<number>,
): Promise<JobClient> {
  env
    .fromSource(scriptedSource(input))
    .uid('in')
    .keyBy(() => 0)
    .sum()
    .uid('sum')
    .sinkTo(sink)
  return env.executeAsync('sums')
}

/** Starts again, and returns the sum that one further record gives: 1 and what was restored. */
function sumAfterRestart(host: SimHost, settings: Settings): Promise<number | undefined> {
  return host.run(async (env, process) => {
    const input = new ScriptedInput<number>()
    const sink = new ArraySink<number>()
    await startSums(env, input, sink)
    input.feed([1, 1, 1, 1].map((n) => record(n)))
    await pass(process, 500)
    return sink.records[0]
  }, settings)
}

describe('the checkpoint to start from', () => {
  test('latest is the newest complete one; without any the job starts afresh', async () => {
    const host = new SimHost()
    expect(await sumAfterRestart(host, latest)).toBe(1)
    const other = new SimHost()
    await threeCheckpoints(other)
    expect(await sumAfterRestart(other, latest)).toBe(4)
    expect(other.warnings.filter((line) => line.includes('refused'))).toEqual([])
  })

  test('a fresh start beside older checkpoints warns that they will be replaced', async () => {
    const host = new SimHost()
    await threeCheckpoints(host)
    const told = (): readonly string[] =>
      host.warnings.filter((line) => line.includes('earlier run'))
    expect(told()).toEqual([])
    expect(await sumAfterRestart(host, latest)).toBe(4)
    expect(told()).toEqual([])
    expect(await sumAfterRestart(host, durable)).toBe(1)
    expect(told()).toEqual([
      expect.stringMatching(/'sums' starts afresh.*in \/checkpoints\/sums;.*to 'latest'$/),
    ])
  })

  test('latest needs a folder to look in', async () => {
    const settings = { 'execution.state-recovery.path': 'latest' }
    await expect(sumAfterRestart(new SimHost(), settings)).rejects.toThrow(
      /'execution.state-recovery.path' is 'latest', but 'execution.checkpointing.dir' is not set/,
    )
  })

  test('a path without complete checkpoint is refused with what was looked for', async () => {
    const host = new SimHost()
    await threeCheckpoints(host)
    const settings = { ...durable, 'execution.state-recovery.path': '/checkpoints/sums/chk-9' }
    await expect(sumAfterRestart(host, settings)).rejects.toThrow(
      expect.objectContaining({
        code: 'CHECKPOINT_NOT_FOUND',
        message: expect.stringContaining('/checkpoints/sums/chk-9'),
      }),
    )
  })

  for (const part of ['metadata', 'state'] as const) {
    test(`a corrupt ${part} file: refused, or passed over for an older one where that is allowed`, async () => {
      const host = new SimHost()
      await threeCheckpoints(host)
      const files = await host.files(newest)
      const file = files.find((path) => path.endsWith(part)) ?? ''
      await host.run(async (_, process) => process.machine.corrupt(file, 30))
      await expect(sumAfterRestart(host, latest)).rejects.toThrow(
        expect.objectContaining({
          code: 'CORRUPT_CHECKPOINT',
          message: expect.stringContaining(newest),
        }),
      )
      const byPath = { ...durable, 'execution.state-recovery.path': newest }
      const fallback = { 'execution.state-recovery.fallback-to-older': true }
      await expect(sumAfterRestart(host, { ...byPath, ...fallback })).rejects.toThrow(newest)
      expect(await sumAfterRestart(host, { ...latest, ...fallback })).toBe(3)
      const told = host.warnings.filter((line) => line.includes('refused'))
      expect(told).toHaveLength(1)
      expect(told[0]).toContain(`checkpoint ${newest} was refused, an older one is used: `)
      expect(told[0]?.split('is used: ')[1]).toMatch(/\w{4}/)
    })
  }

  test('a half-written checkpoint does not exist: the one before is the latest', async () => {
    const host = new SimHost()
    await threeCheckpoints(host)
    await host.run((_, { env }) => env.fileSystem.remove(`${newest}/metadata`))
    expect(await sumAfterRestart(host, latest)).toBe(3)
    expect(host.warnings.filter((line) => line.includes('refused'))).toEqual([])
    await expect(
      sumAfterRestart(host, { ...durable, 'execution.state-recovery.path': newest }),
    ).rejects.toThrow(newest)
  })
})

describe('user functions that throw', () => {
  const boom = (): never => {
    throw new TypeError('boom')
  }
  const failing = (build: (env: StreamExecutionEnvironment) => { name(name: string): unknown }) =>
    runInSim(async (env) => {
      build(env.setParallelism(2)).name('Culprit')
      await env.execute('failing')
    })
  const words = (env: StreamExecutionEnvironment) => env.fromElements('alpha').rebalance()
  const whole = /'failing' failed.*'Culprit' \(subtask \d of 2\).*boom.*alpha/s

  test('the message names operator, subtask, cause and record', async () => {
    await expect(failing((env) => words(env).map(boom))).rejects.toThrow(whole)
    await expect(failing((env) => words(env).filter(boom))).rejects.toThrow(whole)
    await expect(failing((env) => words(env).flatMap(boom))).rejects.toThrow(whole)
    await expect(failing((env) => words(env).process({ processElement: boom }))).rejects.toThrow(
      whole,
    )
    const pair = (env: StreamExecutionEnvironment) => env.fromElements('alpha', 'alpha')
    await expect(
      failing((env) =>
        pair(env)
          .keyBy((word) => word)
          .reduce(boom),
      ),
    ).rejects.toThrow(whole)
  })

  test('a key selector that throws is named with the record', async () => {
    await expect(
      failing((env) =>
        words(env)
          .keyBy(boom)
          .process({
            processElement: () => {},
          }),
      ),
    ).rejects.toThrow(/boom/)
  })

  test('so are open and close', async () => {
    const inOpen = { open: (_: RuntimeContext) => boom(), map: (word: string) => word }
    await expect(failing((env) => words(env).map(inOpen))).rejects.toThrow(
      /'Culprit' \(subtask \d of 2\) failed in open.*boom/s,
    )
    const inClose = { close: boom, map: (word: string) => word }
    await expect(failing((env) => words(env).map(inClose))).rejects.toThrow(
      /'Culprit' \(subtask \d of 2\) failed in close.*boom/s,
    )
  })

  test('the original error is the innermost cause', async () => {
    const error = await failing((env) => words(env).map(boom)).catch((reason: Error) => reason)
    let cause: unknown = error
    while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause
    expect(cause).toBeInstanceOf(TypeError)
  })
})
