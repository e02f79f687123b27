import { describe, expect, it } from 'vitest'
import { checkStyle } from './check-style.ts'
import { plantRepository } from './checks/planted-repository.ts'
import { formatViolation } from './checks/violation.ts'

/** The violations in a repository of these files, as the checker prints them. */
function check(files: Record<string, string>): string[] {
  const planted = plantRepository(files)
  return checkStyle(planted).violations.map(formatViolation)
}

/** The violations in one source file of the engine. */
function checkText(text: string, file: string = 'engine/src/base/a.ts'): string[] {
  return check({ [file]: text })
}

const lines = (count: number): string => Array(count).fill('f()').join('\n')

describe('sizes', () => {
  it('refuses a file above the limit and accepts one at the limit', () => {
    expect(checkText(`${lines(700)}\n`)).toEqual([])
    expect(checkText(lines(701))).toEqual([expect.stringMatching(/a\.ts:1 file-size: 701 lines/)])
  })

  it('allows longer tests', () => {
    expect(checkText(lines(1000), 'engine/src/a.test.ts')).toEqual([])
    expect(checkText(lines(1001), 'engine/src/a.test.ts')).toHaveLength(1)
  })

  it.each([
    ['a function', (body: string) => `\nfunction f() {\n${body}\n}`],
    ['a method', (body: string) => `class A { m() {\n${body}\n} }`],
    ['an arrow function', (body: string) => `\nconst f = () => {\n${body}\n}`],
  ])('refuses %s above the limit', (_what, wrap) => {
    expect(checkText(wrap(lines(68)))).toEqual([])
    expect(checkText(wrap(lines(69)))).toEqual([expect.stringContaining('function-size: ')])
  })

  it('lets a suite of tests be longer than a function', () => {
    const suite = `describe('a', () => {\n${lines(100)}\n})`
    expect(checkText(suite, 'engine/src/a.test.ts')).toEqual([])
    expect(checkText(suite)).toHaveLength(1)
  })

  it('reports the median of the files that are no tests', () => {
    const planted = plantRepository({
      'engine/a.ts': lines(10),
      'engine/b.ts': lines(20),
      'bench/c.ts': lines(30),
      'bench/c.test.ts': lines(500),
      'bench/d.test.ts': lines(500),
    })
    expect(checkStyle(planted).medianLines).toBe(20)
  })

  it('refuses a long line and spares strings, templates, patterns and URLs', () => {
    const long = 'x'.repeat(101)
    expect(checkText(`\n// ${long}`)).toEqual([expect.stringContaining('a.ts:2 line-length: 104')])
    expect(checkText(`const a = '${long}'`)).toEqual([])
    expect(checkText(`const a = \`${long}\``)).toEqual([])
    expect(checkText(`const a = /${long}/`)).toEqual([])
    expect(checkText(`// https://${long}`)).toEqual([])
    expect(checkText(`f('short', ${long})`)).toHaveLength(1)
  })
})

describe('exports', () => {
  it.each(['export default 1', 'const a = 1\nexport { a as default }'])('refuses %s', (text) => {
    expect(checkText(text)).toEqual([expect.stringContaining('default-export: ')])
  })

  it('accepts the default export that a tool asks for', () => {
    const tools = { 'engine/vitest.config.ts': 'export default 1', 'site/src/pages/index.tsx': '' }
    expect(check(tools)).toEqual([])
  })

  it.each([
    'export class ClockImpl {}',
    'export class AbstractOperator {}',
    'export interface DefaultClock {}',
    'export const stringUtils = 1',
    'export function makeHelper() {}',
    'export type StateManager = 1',
    'export interface IClock {}',
  ])('refuses %s', (text) => {
    expect(checkText(text)).toEqual([expect.stringContaining('a.ts:1 name: ')])
  })

  it.each([
    'export class JobManager {}',
    'export class TaskManagerGateway {}',
    'export const DEFAULT_PARALLELISM = 1',
    'export function defaultParallelism() {}',
    'export interface IPv6Address {}',
    'export interface Implementation {}',
    'export interface Inbox {}',
    'class HiddenHelper {}',
  ])('accepts %s', (text) => {
    expect(checkText(text)).toEqual([])
  })
})

describe('paths', () => {
  it.each([
    'engine/src/utils/a.ts',
    'bench/lib/a.ts',
    'scripts/common/a.ts',
    'engine/src/base/helpers.ts',
    'engine/src/base/RingBuffer.ts',
    'engine/src/base/ring_buffer.ts',
    'engine/src/base/clock-impl.ts',
    'engine/src/base/abstract-operator.ts',
    'engine/src/base/state-manager.ts',
  ])('refuses %s', (file) => {
    expect(checkText('', file)).toEqual([expect.stringContaining(`${file}:1 path: `)])
  })

  it.each([
    'engine/src/base/ring-buffer.test.ts',
    'engine/src/runtime/task-manager.ts',
    'engine/vitest.browser-smoke.config.ts',
    'engine/src/base/wtf8.ts',
  ])('accepts %s', (file) => {
    expect(checkText('', file)).toEqual([])
  })

  it('does not look at the work of a learner or at installed packages', () => {
    const bad = { 'chapters/work/Bad.ts': '', 'engine/node_modules/a/Utils.ts': '' }
    expect(check(bad)).toEqual([])
  })
})

describe('the glossary', () => {
  it.each([
    'const jobTopology = 1',
    'interface A { lowWaterMark: number }',
    'class A { #frontier = 1 }',
    'class A { emitPunctuation() {} }',
    'const CHECKPOINT_EPOCH = 1',
    'interface A { readonly epochId: number }',
    'class TaskExecutor {}',
    'const gracePeriodMs = 1',
    'const wallTimeMs = 1',
    'function rehydrateState() {}',
  ])('refuses %s', (text) => {
    expect(checkText(text)).toEqual([expect.stringContaining('a.ts:1 glossary: ')])
  })

  it.each([
    'const unixEpochMs = 0',
    'const trainingEpochs = 3',
    'const producerEpoch = 3',
    'const epochDay = 1',
    'const punctuatedWatermark = 1',
    'const systemTimer = 1',
    'kafka.topology()',
    'const text = "topology"',
  ])('accepts %s', (text) => {
    expect(checkText(text)).toEqual([])
  })
})

describe('leftovers', () => {
  it.each(['// TODO later', '/* FIXME */', '/** XXX */'])('refuses %s', (text) => {
    expect(checkText(`f()\n${text}`)).toEqual([expect.stringContaining('a.ts:2 todo: ')])
  })

  it('accepts the todo() of an exercise', () => {
    expect(checkText("todo('merge')", 'chapters/01-a/01-b/starter/index.ts')).toEqual([])
  })

  it.each(['it.only(f)', 'describe.only(f)', 'it.only.each([])', 'it.concurrent.only(f)'])(
    'refuses %s',
    (text) => {
      expect(checkText(text, 'bench/a.test.ts')).toEqual([expect.stringContaining(':1 only: ')])
    },
  )

  it.each(['it.skip(f)', 'describe.skip(f)', 'it.todo("a")', 'it.skipIf(x)(f)', 'it.runIf(x)(f)'])(
    'refuses %s without a reason and accepts it with one',
    (text) => {
      expect(checkText(`\n${text}`, 'bench/a.test.ts')).toEqual([
        expect.stringContaining('a.test.ts:2 skip: '),
      ])
      expect(checkText(`// needs a cluster\n${text}`, 'bench/a.test.ts')).toEqual([])
    },
  )

  it('does not take other members for test modifiers', () => {
    expect(checkText('reader.skip(3)\nqueue.only(1)', 'bench/a.test.ts')).toEqual([])
  })
})
