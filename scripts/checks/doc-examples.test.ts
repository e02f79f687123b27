import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { type DocExample, markdownExamples } from './doc-examples.ts'
import { exampleModule, type ImportableName } from './example-module.ts'
import { publicExports } from './public-exports.ts'

const ROOT = dirname(dirname(import.meta.dirname))

function example(code: string, place: DocExample['place'] = 'markdown'): DocExample {
  return { file: 'docs/page.md', line: 10, code, mark: 'run', place }
}

function moduleOf(code: string, names: readonly ImportableName[] = [], place?: 'comment') {
  return exampleModule(example(code, place), {
    folder: 'engine/.millrace/x',
    assertions: 'engine/test/docs/example-assertions.ts',
    importable: new Map(names.map((name) => [name.name, name])),
  })
}

/** The example as it stands in the module, without the line before it. */
function bodyOf(code: string): string {
  return moduleOf(code).text.split('\n').slice(1, -2).join('\n')
}

test('blocks are found with their lines and marks, other languages are not', () => {
  const page = ['# Page', '```ts', 'one()', '```', '```sh', 'ls', '```', '```ts no-run', 'two()']
  const found = markdownExamples('a.md', [...page, '```', '```ts sketch', '...', '```'].join('\n'))
  expect(found.map(({ code, line, mark }) => [code, line, mark])).toEqual([
    ['one()', 3, 'run'],
    ['two()', 9, 'no-run'],
    ['...', 12, 'sketch'],
  ])
})

test('what is copied from a tested file is left out', () => {
  const text = '<!-- job:begin -->\n```ts\na()\n```\n<!-- job:end -->\n```ts\nb()\n```'
  expect(markdownExamples('a.md', text).map(({ code, line }) => [code, line])).toEqual([['b()', 7]])
})

test('a block that never closes is an error', () => {
  expect(() => markdownExamples('a.md', 'text\n```ts\na()')).toThrow('a.md:2 opens a block')
})

test('a value behind an expression is an assertion at its line', () => {
  expect(bodyOf('const a = 1\na + 1 // => 2')).toBe(
    'const a = 1\n;same(a + 1, (2), "docs/page.md:11"); // => 2',
  )
  expect(bodyOf('await f(\n  1,\n) // => { b: 1 }')).toBe(
    ';same(await f(\n  1,\n), ({ b: 1 }), "docs/page.md:12"); // => { b: 1 }',
  )
})

test('a value on the line below an expression is an assertion too', () => {
  expect(bodyOf('f()\n// => 2')).toBe(';same(f(), (2), "docs/page.md:11");\n// => 2')
  expect(() => moduleOf('f()\n// then\n// => 2')).toThrow('docs/page.md:12 this assertion')
})

test('a value behind a const asserts the const', () => {
  expect(bodyOf('const a = 1 // => 1')).toBe('const a = 1 ;same(a, (1), "docs/page.md:10");// => 1')
})

test('a long value goes on in the comments below', () => {
  const { text, assertionCount } = moduleOf('f() // => [\n// 1,\n// 2]\ng()')
  expect(text).toContain(';same(f(), ([  1,  2]), "docs/page.md:10");')
  expect(assertionCount).toBe(1)
})

test('an error code behind an expression asserts that it throws', () => {
  expect(bodyOf('f() // throws INVALID_CONFIG')).toBe(
    ';await throws(async () => f(), \'INVALID_CONFIG\', "docs/page.md:10"); // throws INVALID_CONFIG',
  )
  expect(moduleOf('f() // throws when it rains').assertionCount).toBe(0)
})

test('an assertion that would be skipped is an error', () => {
  expect(() => moduleOf('if (x) { // => 1\n}')).toThrow('docs/page.md:10 this assertion')
  expect(() => moduleOf('f() // => 1 +')).toThrow('is no value')
  expect(() => moduleOf('const = 1')).toThrow('docs/page.md:10 does not parse')
})

test('names that are used and not declared are imported', () => {
  const from = (name: string, isType: boolean) => ({ name, specifier: 'engine', isType })
  const names = [from('used', false), from('Shape', true), from('own', false), from('x', false)]
  const code = 'const own = 1\nconst s: Shape = used(own)\nfunction f({ x }: Shape) { s.x = x }'
  const [head] = moduleOf(code, names).text.split('\n')
  expect(head).toContain("import { type Shape } from 'engine'")
  expect(head).toContain("import { used } from 'engine'")
  expect(head).not.toContain('{ own }')
  expect(head).not.toContain('{ x }')
})

test('imports move to the head and are handed on; relative ones keep their file', () => {
  const module = moduleOf("import {\n  a,\n  type B,\n} from './lib.ts'\na()")
  expect(module.text).toContain('from "../../../docs/lib.ts"')
  expect(module.text.split('\n')[5]).toBe('a()')
  expect(module.imports.map(({ name, isType }) => [name, isType])).toEqual([
    ['a', false],
    ['B', true],
  ])
})

test('env is there in a doc comment unless the example makes its own', () => {
  const environment = { name: 'getExecutionEnvironment', specifier: 'engine', isType: false }
  const { text } = moduleOf('env.explain()', [environment], 'comment')
  expect(text).toContain("import { getExecutionEnvironment } from 'engine'")
  expect(text).toContain('const env = getExecutionEnvironment()')
  expect(moduleOf('const env = f()', [environment], 'comment').text).not.toContain('= getExec')
})

test('public exports know where they are declared and what is said of them', () => {
  const exported = publicExports(ROOT)
  const tag = exported.find(({ name }) => name === 'outputTag')
  expect(tag).toMatchObject({
    specifier: '@millrace/engine',
    file: 'engine/src/core/output-tag.ts',
    isType: false,
    stability: 'public',
  })
  expect(tag?.docComment).toMatch(/^Makes an/)
  expect(exported.find(({ name }) => name === 'OutputTag')?.isType).toBe(true)
})
