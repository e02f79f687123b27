import { describe, expect, it } from 'vitest'
import { ratioFloor } from './floors.ts'
import type { Program } from './program.ts'
import { programSuite, verificationOf } from './program-suite.ts'
import { resultWith, sampleWith } from './sample-fixture.ts'
import { type ChildReport, WrongOutput } from './suite.ts'

function programWith(name: string, fields: Partial<Program> = {}): Program {
  return {
    name,
    engine: `engine of ${name}`,
    full: { records: 1_000, warmUpRecords: 100 },
    quick: { records: 10, warmUpRecords: 1 },
    settings: {},
    run: (records) => ({ output: `output of ${records}` }),
    ...fields,
  }
}

function reportOf(name: string, output?: string): ChildReport {
  return {
    samples: { [name]: sampleWith() },
    outputs: output === undefined ? {} : { [name]: output },
    facts: {},
  }
}

describe('a suite of programs', () => {
  it('measures one program after a warm-up', async () => {
    const asked: number[] = []
    const program = programWith('a', {
      run: (records) => {
        asked.push(records)
        return { output: 'out', facts: { checkpoints: 3 } }
      },
    })
    const definition = { name: 's', about: '', programs: [program], floorsOf: () => [] }
    const report = await programSuite(definition).sample('a', true)
    expect(asked).toEqual([1, 10])
    expect(report).toMatchObject({ outputs: { a: 'out' }, facts: { checkpoints: 3 } })
    expect(report.samples.a).toMatchObject({ records: 10 })
  })

  it('warms a program up once in its process', async () => {
    const asked: number[] = []
    const program = programWith('a', {
      run: (records) => {
        asked.push(records)
        return { output: 'out' }
      },
    })
    const suite = programSuite({ name: 's', about: '', programs: [program], floorsOf: () => [] })
    await suite.sample('a', true)
    await suite.sample('a', true)
    expect(asked).toEqual([1, 10, 10])
  })

  it('verifies one program without measuring it', async () => {
    const program = programWith('a', {
      verify: async () => ({ status: 'equal', outputHash: null, reference: 'SQLite' }),
    })
    const definition = { name: 's', about: '', programs: [program], floorsOf: () => [] }
    const report = await programSuite(definition).sample('verify:a', true)
    expect(report).toMatchObject({ samples: {}, verification: { reference: 'SQLite' } })
  })
})

describe('verificationOf', () => {
  const a = programWith('a', { group: 'g' })
  const b = programWith('b', { group: 'g' })
  const c = programWith('c')

  it('is equal if a program of the group has the same output', () => {
    const reports = new Map([
      ['a', [reportOf('a', 'x')]],
      ['b', [reportOf('b', 'x')]],
      ['c', [reportOf('c', 'y')]],
    ])
    expect(verificationOf(a, [a, b, c], reports, new Map())).toEqual({
      status: 'equal',
      outputHash: 'x',
      reference: 'engine of b',
    })
    expect(verificationOf(c, [a, b, c], reports, new Map()).status).toBe('invariants')
  })

  it('fails if outputs of a group, or of two runs, differ', () => {
    const group = new Map([
      ['a', [reportOf('a', 'x')]],
      ['b', [reportOf('b', 'y')]],
    ])
    expect(() => verificationOf(a, [a, b], group, new Map())).toThrow(WrongOutput)
    const runs = new Map([['c', [reportOf('c', 'x'), reportOf('c', 'y')]]])
    expect(() => verificationOf(c, [c], runs, new Map())).toThrow(WrongOutput)
  })

  it('says so if there is nothing to compare', () => {
    const reports = new Map([['c', [reportOf('c')]]])
    expect(verificationOf(c, [c], reports, new Map()).status).toBe('not-applicable')
  })
})

describe('ratioFloor', () => {
  const results = [
    resultWith({ case: 'a', samples: [sampleWith({ value: 50 })] }),
    resultWith({ case: 'b', samples: [sampleWith({ value: 100, records: 400 })] }),
  ]

  it('compares rates by the clock or by the processor', () => {
    const floor = { of: 'a', over: 'b', atLeast: 0.6 }
    expect(ratioFloor(results, floor)).toEqual([{ name: 'a over b', atLeast: 0.6, actual: 0.5 }])
    expect(ratioFloor(results, { ...floor, per: 'cpu-second' })[0]?.actual).toBe(0.5)
  })

  it('is none without both results', () => {
    expect(ratioFloor(results, { of: 'a', over: 'c', atLeast: 1 })).toEqual([])
  })
})
