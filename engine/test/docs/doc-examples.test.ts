/// <reference types="node" />
/**
 * Runs every example of the documentation: TypeScript blocks of doc comments and of Markdown pages.
 * All of them are checked by one run of the compiler; `ts no-run` blocks only so, and `ts sketch`
 * blocks only have to parse.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { exportedNames } from '../../../scripts/checks/declared-names.ts'
import { type DocExample, findDocExamples } from '../../../scripts/checks/doc-examples.ts'
import {
  exampleModule,
  type ImportableName,
  parseExample,
} from '../../../scripts/checks/example-module.ts'
import { publicExports } from '../../../scripts/checks/public-exports.ts'
import { readSourceModule } from '../../../scripts/checks/source-module.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const CONFIG = {
  extends: '../../../tsconfig.base.json',
  compilerOptions: { types: ['node'], isolatedDeclarations: false, declaration: false },
  include: ['*.ts'],
}

interface GeneratedExample {
  readonly example: DocExample
  readonly path: string
  /** Why no module can be made of it. */
  readonly fault: unknown
}

const examples = findDocExamples(ROOT)
const checked = examples.filter(({ mark }) => mark !== 'sketch')
const sketches = examples.filter(({ mark }) => mark === 'sketch')
mkdirSync(join(ROOT, 'engine/.millrace'), { recursive: true })
const folder = mkdtempSync(join(ROOT, 'engine/.millrace/doc-examples-'))
const scratch = mkdtempSync(join(tmpdir(), 'millrace-doc-examples-'))
const directory = process.cwd()
const generated = generate()

afterAll(() => {
  process.chdir(directory)
  rmSync(folder, { recursive: true, force: true })
  rmSync(scratch, { recursive: true, force: true })
})

describe('documentation', () => {
  it('has examples, of which few do not run', () => {
    const notRun = examples.filter(({ mark }) => mark !== 'run')
    expect(examples.length).toBeGreaterThan(110)
    expect(notRun.length / examples.length).toBeLessThan(0.1)
  })

  it('has examples that the compiler accepts', async () => {
    expect(generated.flatMap(({ fault }) => fault ?? [])).toEqual([])
    expect(await compilerErrors()).toEqual([])
  }, 60_000)

  it('has sketches that parse', () => {
    for (const sketch of sketches) parseExample(sketch)
  })
})

describe('an example of the documentation', () => {
  // Each example has a working directory of its own; what it prints is dropped.
  beforeEach(() => process.chdir(mkdtempSync(join(scratch, 'example-'))))

  beforeAll(() => {
    for (const method of ['log', 'error', 'warn'] as const) {
      vi.spyOn(console, method).mockImplementation(() => {})
    }
  })

  it.each(
    generated
      .filter(({ example }) => example.mark === 'run')
      .map(({ example, ...module }) => [`${example.file}:${example.line}`, module] as const),
  )('%s', async (_place, { path, fault }) => {
    if (fault !== undefined) throw fault
    const module = (await import(path)) as { run(): Promise<void> }
    await module.run()
  })
})

function generate(): readonly GeneratedExample[] {
  const byPage = new Map<string, Map<string, ImportableName>>()
  const entries = importableNames()
  return checked.map((example, index) => {
    const ofPage = byPage.get(example.file) ?? new Map<string, ImportableName>()
    byPage.set(example.file, ofPage)
    const path = join(folder, `example-${index}.ts`)
    try {
      const module = exampleModule(example, {
        folder: folder.slice(ROOT.length + 1).replaceAll('\\', '/'),
        assertions: 'engine/test/docs/example-assertions.ts',
        importable: example.place === 'comment' ? withOwnNames(entries, example.file) : ofPage,
      })
      for (const imported of module.imports) ofPage.set(imported.name, imported)
      writeFileSync(path, module.text)
      return { example, path, fault: undefined }
    } catch (fault) {
      return { example, path, fault }
    }
  })
}

/** What an example of a doc comment need not import. */
function importableNames(): ReadonlyMap<string, ImportableName> {
  const names = new Map<string, ImportableName>()
  for (const exported of publicExports(ROOT)) {
    if (!names.has(exported.name)) names.set(exported.name, exported)
  }
  return names
}

/** Examples in the engine's own modules may use what the module exports, public or not. */
function withOwnNames(
  names: ReadonlyMap<string, ImportableName>,
  file: string,
): ReadonlyMap<string, ImportableName> {
  const own = exportedNames(readSourceModule(ROOT, file)).map(({ name, kind }) => {
    const isType = kind === 'TSInterfaceDeclaration' || kind === 'TSTypeAliasDeclaration'
    const specifier = relative(folder, join(ROOT, file)).replaceAll('\\', '/')
    return [name, { name, specifier, isType }] as const
  })
  return new Map([...own, ...names])
}

/** The errors of the compiler, at the places of the examples. */
async function compilerErrors(): Promise<readonly string[]> {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG))
  const output = await new Promise<string>((settle) => {
    execFile(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], (_error, stdout, stderr) =>
      settle(stdout + stderr),
    )
  })
  return output
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(?:src|test)\/|^\s/.test(line)) // theirs, details
    .map((line) => {
      const [, index, row, message] = /example-(\d+)\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? []
      const example = checked[Number(index)]
      if (example === undefined) return line
      return `${example.file}:${example.line + Number(row) - 2} ${message}`
    })
}
