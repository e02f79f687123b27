import { describe, expect, it } from 'vitest'
import { checkLayers } from './check-layers.ts'
import { matrixTable } from './checks/layer-matrix.ts'
import { plantRepository } from './checks/planted-repository.ts'
import { formatViolation } from './checks/violation.ts'

const ARCHITECTURE = `<!-- import-matrix:begin -->\n${matrixTable()}\n<!-- import-matrix:end -->\n`
const MANIFEST = JSON.stringify({
  name: '@millrace/engine',
  exports: {
    '.': { browser: './src/browser.ts', default: './src/index.ts' },
    './connector/*': './src/connector/*/index.ts',
  },
})

/** Checks a repository of these files of `engine/src`; the entry, unless given, imports them. */
function check(sources: Record<string, string>, others: Record<string, string> = {}): string[] {
  const all = Object.keys(sources).filter((name) => name !== 'index.ts')
  const names = all.filter((name) => !name.startsWith('testing/'))
  const index = names.map((name) => `import './${name}'`).join('\n')
  const files: Record<string, string> = {
    'ARCHITECTURE.md': ARCHITECTURE,
    'engine/package.json': MANIFEST,
    'engine/src/index.ts': index,
  }
  for (const [name, text] of Object.entries(sources)) files[`engine/src/${name}`] = text
  const shipped = userOf(all.filter((name) => name.startsWith('testing/')))
  const planted = plantRepository({ ...files, ...shipped, ...others })
  return checkLayers(planted).map((violation) => {
    const rule = formatViolation(violation)
    return rule.replace('engine/src/', '')
  })
}

describe('layers', () => {
  it('accepts imports downwards', () => {
    const sources = {
      'base/heap.ts': 'export const heap = 1',
      'core/record.ts': "export { heap } from '../base/heap.ts'",
      'api/stream.ts': "import type {} from '../core/record.ts'",
      'cluster/local.ts': "import '../api/stream.ts'",
    }
    expect(check(sources)).toEqual([])
  })

  it.each([
    ['base/a.ts', 'core/b.ts', 'base may not import core'],
    ['core/a.ts', 'env/b.ts', 'core may not import env'],
    ['operator/a.ts', 'plan/b.ts', 'operator may not import plan'],
    ['api/a.ts', 'runtime/b.ts', 'api may not import runtime'],
    ['library/cep/a.ts', 'runtime/b.ts', 'library may not import runtime'],
    ['runtime/a.ts', 'api/b.ts', 'runtime may not import api'],
    ['connector/file/a.ts', 'runtime/b.ts', 'connector may not import runtime'],
    ['cluster/a.ts', 'testing/b.ts', 'cluster may not import testing'],
    ['runtime/taskmanager/a.ts', 'runtime/jobmanager/b.ts', 'never import each other'],
    ['runtime/jobmanager/a.ts', 'runtime/taskmanager/b.ts', 'never import each other'],
    ['runtime/a.ts', 'env/node/b.ts', 'only cluster and testing may import env/node'],
    ['env/a.ts', 'env/web/b.ts', 'only cluster and testing may import env/web'],
  ])('refuses %s -> %s', (from, to, message) => {
    const up = '../'.repeat(from.split('/').length - 1)
    const found = check({
      [from]: `\nimport type { b } from '${up}${to}'`,
      [to]: 'export const b = 1',
    })
    expect(found).toEqual([expect.stringContaining(`${from}:2 layer: `)])
    expect(found[0]).toContain(message)
  })

  it('counts re-exports, dynamic imports, import types and worker URLs', () => {
    const found = check({
      'core/b.ts': 'export const b = 1',
      'base/a.ts': "export * from '../core/b.ts'",
      'base/c.ts': "export const c = await import('../core/b.ts')",
      'base/d.ts': "export type D = import('../core/b.ts').B",
      'base/e.ts': "export const e = new URL('../core/b.ts', import.meta.url)",
    })
    expect(found.map((line) => line.split(' ')[0])).toEqual([
      'base/a.ts:1',
      'base/c.ts:1',
      'base/d.ts:1',
      'base/e.ts:1',
    ])
  })

  it('lets connectors import the table SPI and cluster and testing choose a platform', () => {
    const sources = {
      'api/table/spi/table-source.ts': 'export const b = 1',
      'env/node/node-env.ts': "import 'node:fs'",
      'connector/file/a.ts': "import '../../api/table/spi/table-source.ts'",
      'cluster/local.ts': "import '../env/node/node-env.ts'",
      'testing/world.ts': "import '../cluster/local.ts'",
    }
    expect(check({ ...sources, 'index.ts': '' }, userOf(Object.keys(sources)))).toEqual([])
  })

  it('refuses a folder that is no layer and takes files beside the layers for cluster', () => {
    const sources = { 'utils/a.ts': '', 'engine.ts': "import './testing/b.ts'", 'testing/b.ts': '' }
    expect(check(sources)).toEqual([
      expect.stringContaining('engine.ts:1 layer: cluster may not import testing'),
      expect.stringContaining('utils/a.ts:1 layer: no layer owns this file'),
    ])
  })

  it('refuses imports of tests and of code outside the engine', () => {
    const others = { 'engine/src/base/b.test.ts': '', 'bench/load.ts': '' }
    const sources = { 'base/a.ts': "import './b.test.ts'\nimport '../../../bench/load.ts'" }
    expect(check(sources, others)).toEqual([
      expect.stringContaining('base/a.ts:1 layer: code may not import the test'),
      expect.stringContaining('base/a.ts:2 layer: the engine may not import bench/load.ts'),
    ])
  })
})

describe('cycles', () => {
  it('finds a cycle of type-only imports and names its way', () => {
    const found = check({
      'base/a.ts': "import type { b } from './b.ts'",
      'base/b.ts': "import type { c } from './c.ts'",
      'base/c.ts': "import type { a } from './a.ts'",
    })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('base/a.ts:1 cycle: ')
    expect(found[0]).toMatch(/a\.ts -> .*b\.ts -> .*c\.ts -> .*a\.ts$/)
  })

  it('does not take the URL of a worker for a cycle', () => {
    const sources = {
      'base/a.ts': "export const w = new URL('./b.ts', import.meta.url)",
      'base/b.ts': "import './a.ts'",
    }
    expect(check(sources)).toEqual([])
  })
})

describe('unused files', () => {
  const unused = { 'index.ts': '', 'base/lonely.ts': '' }

  it('finds a file that nobody imports', () => {
    expect(check(unused)).toEqual([expect.stringContaining('base/lonely.ts:1 unused: ')])
  })

  it('finds files that only import each other', () => {
    const found = check({ 'index.ts': '', 'base/a.ts': "import './b.ts'", 'base/b.ts': '' })
    expect(found.filter((line) => line.includes('unused'))).toHaveLength(2)
  })

  it.each([
    ['a test beside it', { 'engine/src/base/lonely.test.ts': "import './lonely.ts'" }],
    ['a test in engine/test', { 'engine/test/a.test.ts': "import '../src/base/lonely.ts'" }],
    ['a benchmark', { 'bench/a.ts': "import '../engine/src/base/lonely.ts'" }],
  ])('accepts a file that is imported by %s', (_who, others) => {
    expect(check(unused, others)).toEqual([])
  })

  it('follows export patterns and package names', () => {
    const sources = {
      'index.ts': '',
      'connector/file/index.ts': "import './reader.ts'",
      'connector/file/reader.ts': '',
    }
    expect(check(sources)).toEqual([])
  })
})

describe('Node', () => {
  it.each(["import 'node:fs'", "import 'fs'", "import 'path/posix'", "await import('node:os')"])(
    'refuses %s outside env/node',
    (text) => {
      expect(check({ 'cluster/a.ts': text })).toEqual([
        expect.stringContaining('cluster/a.ts:1 node-builtin: '),
      ])
    },
  )

  it('refuses the types of Node outside env/node and allows them in tests', () => {
    const reference = '/// <reference types="node" />'
    const others = { 'engine/src/base/a.test.ts': `${reference}\nimport 'node:fs'\nDate.now()` }
    expect(check({ 'base/a.ts': reference, 'env/node/b.ts': reference }, others)).toEqual([
      expect.stringContaining('base/a.ts:1 node-builtin: '),
    ])
  })

  it('refuses a browser entry that leads to code for Node', () => {
    const found = check({
      'env/node/b.ts': 'export const b = 1',
      'cluster/a.ts': "import '../env/node/b.ts'",
      'browser.ts': "import './cluster/a.ts'",
    })
    expect(found).toEqual([expect.stringContaining('browser.ts:1 browser: ')])
  })
})

describe('ambient nondeterminism', () => {
  it.each([
    ['Date.now()', 'Date.now'],
    ["Date['now']()", 'Date.now'],
    ['globalThis.Date.now()', 'Date.now'],
    ['new Date()', 'new Date()'],
    ['const { now } = Date', 'unpacked Date'],
    ['const f = Math.random', 'Math.random'],
    ['performance.now()', 'performance'],
    ['setTimeout(() => 1, 5)', 'setTimeout'],
    ['globalThis.setTimeout(() => 1)', 'globalThis.setTimeout'],
    ['const later = setInterval', 'setInterval'],
    ['setImmediate(f)', 'setImmediate'],
    ['queueMicrotask(f)', 'queueMicrotask'],
    ['clearTimeout(f)', 'clearTimeout'],
    ['const home = process.env', 'process'],
    ['globalThis.crypto.randomUUID()', 'globalThis.crypto'],
    ['crypto.randomUUID()', 'crypto'],
    ['new WeakRef({})', 'WeakRef'],
    ['new FinalizationRegistry(f)', 'FinalizationRegistry'],
    ['const o = { process }', 'process'],
    ['function f(a = Date.now()) {}', 'Date.now'],
    ['const a = (process as unknown)', 'process'],
    ['{ const process = 1 }\nprocess.exit()', 'process'],
  ])('refuses %s', (text, name) => {
    const found = check({ 'base/a.ts': text })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`ambient: ${name} is ambient`)
  })

  it.each([
    'new Date(0)',
    'Date.UTC(1970)',
    'Date.parse(text)',
    'export const isDate = (v: unknown) => v instanceof Date',
    'clock.setTimeout(f)',
    'export interface Timers { setTimeout(f: () => void): void; process: number }',
    'export const later = (setTimeout: () => void) => setTimeout()',
    'export function process(): void {}\nprocess()',
    'export class A { process(): void {} ; setTimeout = 1; run(): void { this.process() } }',
    'export abstract class A { abstract process(): void }',
    'export type A = typeof process',
    "import { process } from './b.ts'\nprocess()",
    'const o = { process: 1 }\nconst { process: p } = o',
    'for (const process of list) process()',
    'Math.max(1, 2)',
    '// Date.now()\n"Math.random()"',
  ])('accepts %s', (text) => {
    expect(check({ 'base/a.ts': text, 'base/b.ts': 'export const process = 1' })).toEqual([])
  })

  it('accepts the platform inside env/node and env/web', () => {
    const text = 'export const now = Date.now()\nsetTimeout(f)'
    expect(check({ 'env/node/a.ts': text, 'env/web/a.ts': text })).toEqual([])
  })
})

describe('imports and documents', () => {
  it('refuses an import that names no file', () => {
    expect(check({ 'base/a.ts': "import './missing'" })).toEqual([
      expect.stringContaining('base/a.ts:1 import: ./missing names no file'),
    ])
  })

  it('does not mind how the columns of the import matrix are aligned', () => {
    const aligned = ARCHITECTURE.replaceAll(' | ', '  |   ').replaceAll(':-:', ':-----:')
    expect(check({}, { 'ARCHITECTURE.md': aligned })).toEqual([])
  })

  it('refuses a stale or missing import matrix', () => {
    const stale = ARCHITECTURE.replace('✓', '')
    expect(check({}, { 'ARCHITECTURE.md': stale })[0]).toContain(
      'architecture: the import matrix is stale',
    )
    expect(check({}, { 'ARCHITECTURE.md': '' })[0]).toContain('ARCHITECTURE.md:1 architecture: ')
  })
})

/** A test file that imports all the given files of `engine/src`. */
function userOf(sources: readonly string[]): Record<string, string> {
  const imports = sources.map((name) => `import '../src/${name}'`)
  return { 'engine/test/user.test.ts': imports.join('\n') }
}
