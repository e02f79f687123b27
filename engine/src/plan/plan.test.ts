import { describe, expect, test } from 'vitest'
import type { StreamExecutionEnvironment } from '../engine.ts'
import { ConfigOptions, getExecutionEnvironment, outputTag, types } from '../index.ts'

function wordCount(env: StreamExecutionEnvironment): void {
  env
    .fromElements('to be', 'or not')
    .flatMap<{ word: string; count: number }>((line, out) => {
      for (const word of line.split(' ')) out.collect({ word, count: 1 })
    })
    .name('Split')
    .keyBy('word')
    .sum('count')
    .uid('counts')
    .print()
}

describe('graphs (ARC-03, ARC-04)', () => {
  test('building and explaining runs nothing', () => {
    const env = getExecutionEnvironment()
    let calls = 0
    env
      .fromElements(1)
      .map(() => calls++)
      .print()
    env.explain()
    expect(calls).toBe(0)
  })

  test('the plan of WordCount lists nodes, edges and ship strategies; chaining merges nodes', () => {
    const env = getExecutionEnvironment().setParallelism(4)
    wordCount(env)
    const plan = env.explainJson()
    expect(plan.operators.map(({ name, parallelism }) => `${name} ${parallelism}`)).toEqual([
      'Collection Source 1',
      'Split 4',
      'Sum 4',
      'Print to Std. Out 4',
    ])
    expect(
      plan.operators.flatMap(({ inputs }) => inputs.map((input) => input.shipStrategy)),
    ).toEqual(['REBALANCE', 'HASH', 'FORWARD'])
    expect(plan.vertices.map(({ name, parallelism }) => `${name} ${parallelism}`)).toEqual([
      'Collection Source 1',
      'Split 4',
      'Sum -> Print to Std. Out 4',
    ])
    expect(env.explain()).toContain('[4] Sum -> Print to Std. Out\n      <- HASH from Split')
  })
})

describe('chaining (ARC-15)', () => {
  const vertices = (change: (env: StreamExecutionEnvironment) => void): readonly string[] => {
    const env = getExecutionEnvironment()
    change(env)
    return env.explainJson().vertices.map(({ name }) => name)
  }

  test('source, map and filter are one vertex; each setting parts them', () => {
    const build =
      (setting: 'none' | 'disable' | 'start') =>
      (env: StreamExecutionEnvironment): void => {
        const mapped = env
          .fromElements(1)
          .name('Source')
          .map((n) => n)
        if (setting === 'disable') mapped.disableChaining()
        if (setting === 'start') mapped.startNewChain()
        mapped.filter(() => true)
      }
    expect(vertices(build('none'))).toEqual(['Source -> Map -> Filter'])
    expect(vertices(build('disable'))).toEqual(['Source', 'Map', 'Filter'])
    expect(vertices(build('start'))).toEqual(['Source', 'Map -> Filter'])
  })

  test('the global switch parts everything', () => {
    expect(
      vertices((env) => {
        env
          .disableOperatorChaining()
          .fromElements(1)
          .map((n) => n)
      }),
    ).toHaveLength(2)
  })
})

describe('slots (ARC-16)', () => {
  test('vertices share slots; a group of its own needs more', () => {
    const slots = (group: string | undefined): number => {
      const env = getExecutionEnvironment().setParallelism(4)
      const mapped = env
        .fromSequence(1, 9)
        .rebalance()
        .map((n) => n)
      if (group !== undefined) mapped.slotSharingGroup(group)
      return env.explainJson().requiredSlots
    }
    expect(slots(undefined)).toBe(4)
    expect(slots('own')).toBe(8)
  })

  test('a job that needs more slots than there are is refused with the numbers', async () => {
    const env = getExecutionEnvironment({ code: { [ConfigOptions.slots.key]: 2 } })
    env.setParallelism(3).fromSequence(1, 9).print()
    await expect(env.execute()).rejects.toThrow(/needs 3 slots, 2 of 2 are free/)
  })
})

describe('parallelism (PAR-01, PAR-10)', () => {
  test('the operator wins over the environment, that over the command line, that over the default', () => {
    const key = ConfigOptions.parallelism.key
    const parallelism = (env: StreamExecutionEnvironment, own?: number): number | undefined => {
      const mapped = env
        .fromSequence(1, 9)
        .rebalance()
        .map((n) => n)
      if (own !== undefined) mapped.setParallelism(own)
      return env.explainJson().operators[1]?.parallelism
    }
    const withCli = (): StreamExecutionEnvironment =>
      getExecutionEnvironment({ commandLine: { [key]: '3' } })
    expect(parallelism(getExecutionEnvironment())).toBe(1)
    expect(parallelism(withCli())).toBe(3)
    expect(parallelism(withCli().setParallelism(5))).toBe(5)
    expect(parallelism(withCli().setParallelism(5), 7)).toBe(7)
  })

  test('parallelism above max parallelism is refused with both numbers', () => {
    const env = getExecutionEnvironment().setMaxParallelism(2).setParallelism(4)
    env.fromSequence(1, 9).print()
    expect(() => env.explain()).toThrow(/has parallelism 4 but max parallelism 2/)
  })

  test('forward between different parallelisms is refused with the cure', () => {
    const env = getExecutionEnvironment()
    env
      .fromElements(1)
      .forward()
      .map((n) => n)
      .setParallelism(2)
    expect(() => env.explain()).toThrow(/needs equal parallelism; use rebalance/)
  })
})

describe('operator ids (SAV-09)', () => {
  const idOf = (build: (env: StreamExecutionEnvironment) => void, name: string): string => {
    const env = getExecutionEnvironment()
    build(env)
    return env.explainJson().operators.find((operator) => operator.name === name)?.id ?? ''
  }

  test('a uid keeps its id when operators are added around it; a generated id does not', () => {
    const build = (withMap: boolean) => (env: StreamExecutionEnvironment) => {
      const source = env.fromElements(1)
      const stream = withMap ? source.map((n) => n) : source
      stream
        .keyBy((n) => n)
        .sum()
        .uid('totals')
        .name('Totals')
        .keyBy((n) => n)
        .sum()
        .name('Other')
    }
    expect(idOf(build(false), 'Totals')).toBe(idOf(build(true), 'Totals'))
    expect(idOf(build(false), 'Other')).not.toBe(idOf(build(true), 'Other'))
    expect(idOf(build(false), 'Other')).toBe(idOf(build(false), 'Other'))
  })

  test('a uid given twice is refused with both operators', () => {
    const env = getExecutionEnvironment()
    env
      .fromElements(1)
      .uid('a')
      .map((n) => n)
      .name('Mapper')
      .uid('a')
    expect(() => env.explain()).toThrow(/'Collection Source' and 'Mapper' have the same uid 'a'/)
  })
})

describe('programs that cannot run', () => {
  test('an empty program is refused', async () => {
    await expect(getExecutionEnvironment().execute()).rejects.toThrow(/there is nothing to run/)
  })

  test('a setting on a stream without operator is refused with the cure', () => {
    const stream = getExecutionEnvironment().fromElements(1)
    expect(() => stream.rebalance().uid('x')).toThrow(/uid\(\) was called on a partition/)
    expect(() => stream.getSideOutput(outputTag('late')).name('x')).toThrow(/side-output/)
  })
})

describe('declared record types', () => {
  test('returns() reaches the state of reduce and of windows: nothing is warned of', async () => {
    const warnings: string[] = []
    const env = getExecutionEnvironment({ warn: (message) => warnings.push(message) })
    const order = types.row({ item: types.string, n: types.int })
    const run = (declared: boolean): Promise<unknown> => {
      const orders = env.fromElements({ item: 'tea', n: 1 }, { item: 'tea', n: 2 })
      const stream = declared ? orders.returns(order) : orders
      return stream.rebalance().keyBy('item').sum('n').executeAndCollect()
    }
    await run(false)
    expect(warnings).toEqual([expect.stringContaining('has no declared type')])
    warnings.length = 0
    expect(await run(true)).toEqual([
      { item: 'tea', n: 1 },
      { item: 'tea', n: 3 },
    ])
    expect(warnings).toEqual([])
  })
})
