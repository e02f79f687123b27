import { describe, expect, test } from 'vitest'
import type { StreamExecutionEnvironment } from '../../src/index.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { passUntil, SimHost } from './run-in-sim.ts'

const LATEST = {
  'execution.checkpointing.interval': 100,
  'execution.checkpointing.dir': '/checkpoints',
  'execution.state-recovery.path': 'latest',
}

type Step = (
  env: StreamExecutionEnvironment,
  input: ScriptedInput<number>,
  output: ArraySink<number>,
) => void

/** Runs versions of a program one after the other, each from the last checkpoint of the former. */
async function versions(
  steps: readonly Step[],
  settings: Readonly<Record<string, unknown>> = LATEST,
): Promise<{ readonly output: readonly number[]; readonly warnings: readonly string[] }> {
  const host = new SimHost()
  const input = new ScriptedInput<number>()
  const output = new ArraySink<number>()
  for (const build of steps) {
    await host.run(async (env, process) => {
      build(env, input, output)
      const client = await env.executeAsync('versions')
      const count = (): number =>
        client.checkpoints().filter(({ status }) => status === 'COMPLETED').length
      await passUntil(process, () => count() > 0)
      input.feed([record(1), record(1)])
      const before = count()
      await passUntil(process, () => count() > before + 1)
    }, settings)
  }
  return { output: output.records, warnings: host.warnings }
}

const withUids: Step = (env, input, output) => {
  const sums = env
    .fromSource(scriptedSource(input))
    .uid('in')
    .keyBy((n) => n)
    .sum()
    .uid('sums')
  sums.sinkTo(output)
}

const withoutUids: Step = (env, input, output) => {
  env
    .fromSource(scriptedSource(input))
    .keyBy((n) => n)
    .sum()
    .name('Totals')
    .sinkTo(output)
}

describe('SAV-09 the uid is the address of state', () => {
  test('operators with uids may be renamed, moved and surrounded by others', async () => {
    const changed: Step = (env, input, output) => {
      env
        .fromElements(7)
        .map((n) => n)
        .keyBy((n) => n)
        .max()
        .sinkTo(new ArraySink())
      env
        .fromSource(scriptedSource(input))
        .uid('in')
        .map((n) => n)
        .rebalance()
        .filter(() => true)
        .keyBy((n) => n)
        .sum()
        .name('Renamed')
        .uid('sums')
        .map((n) => n)
        .sinkTo(output)
    }
    expect((await versions([withUids, changed])).output).toEqual([1, 2, 3, 4])
  })

  test('without uids an unchanged program restores, a changed one is refused with names and ids', async () => {
    expect((await versions([withoutUids, withoutUids])).output).toEqual([1, 2, 3, 4])
    const changed: Step = (env, input, output) => {
      const mapped = env
        .fromSource(scriptedSource(input))
        .map((n) => n)
        .disableChaining()
      mapped
        .keyBy((n) => n)
        .sum()
        .name('Totals')
        .sinkTo(output)
    }
    await expect(versions([withoutUids, changed])).rejects.toThrow(
      expect.objectContaining({
        code: 'STATE_NOT_RESTORABLE',
        message: expect.stringMatching(
          /takes: 'Totals' \(generated id [0-9a-f]+\).*without uid:.*'Map' \([0-9a-f]+\).*'Totals'/s,
        ),
      }),
    )
  })

  test('stateful operators without uid are warned of once, when checkpoints are durable', async () => {
    const { warnings } = await versions([withoutUids])
    const told = warnings.filter((warning) => warning.includes('uid'))
    expect(told).toEqual([
      expect.stringMatching(/'versions' .*without uid: 'scripted source'\..*uid\('/),
      expect.stringMatching(/'versions' .*without uid: 'Totals'\..*uid\('/),
    ])
    const inMemory = { 'execution.checkpointing.interval': 100 }
    const silent = [await versions([withUids]), await versions([withoutUids], inMemory)]
    for (const run of silent) {
      expect(run.warnings.filter((warning) => warning.includes('uid'))).toEqual([])
    }
  })
})

describe('SAV-11 state of an operator that is gone', () => {
  const dropped: Step = (env, input, output) => {
    env.fromSource(scriptedSource(input)).uid('in').sinkTo(output)
  }

  test('is refused by default, with its uid and the option', async () => {
    await expect(versions([withUids, dropped])).rejects.toThrow(
      /no operator of this program takes: 'Sum' \(uid 'sums'\).*ignore-unclaimed-state/s,
    )
  })

  test('is dropped with the flag', async () => {
    const settings = { ...LATEST, 'execution.state-recovery.ignore-unclaimed-state': true }
    expect((await versions([withUids, dropped], settings)).output).toEqual([1, 2, 1, 1])
  })
})
