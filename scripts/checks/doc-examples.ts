import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSourceModule, type SourceModule } from './source-module.ts'
import { isTestFile, listFiles } from './source-tree.ts'

/**
 * What is done with an example. `run` is checked and executed; `no-run` is checked by the compiler
 * only, for what would never end or needs a server; `sketch` only has to parse.
 */
export type ExampleMark = 'run' | 'no-run' | 'sketch'

/** A fenced TypeScript block of a doc comment or of a Markdown file. */
export interface DocExample {
  /** Path relative to the repository, with `/`. */
  readonly file: string
  /** Line of the first line of code, counted from 1. */
  readonly line: number
  readonly code: string
  readonly mark: ExampleMark
  readonly place: 'comment' | 'markdown'
}

const FENCE = /^(\s*)```(.*)$/
const COPIED = /<!-- ([\w-]+):begin -->[\s\S]*?<!-- \1:end -->/g

/** Every example of the engine's doc comments and of the Markdown files that readers see. */
export function findDocExamples(root: string): readonly DocExample[] {
  return [...sourceExamples(root), ...pageExamples(root)]
}

function sourceExamples(root: string): readonly DocExample[] {
  const files = listFiles(
    root,
    'engine/src',
    (file) => file.endsWith('.ts') && !isTestFile(file) && readText(root, file).includes('```'),
  )
  return files.flatMap((file) => commentExamples(readSourceModule(root, file)))
}

function pageExamples(root: string): readonly DocExample[] {
  const isReadme = (file: string): boolean =>
    file.endsWith('/README.md') && !file.startsWith('chapters/work/')
  const files = [
    ...['README.md', 'ARCHITECTURE.md'].filter((file) => existsSync(join(root, file))),
    ...listFiles(root, 'site/docs', (file) => /\.mdx?$/.test(file)),
    ...listFiles(root, 'chapters', isReadme),
  ]
  return files.flatMap((file) => markdownExamples(file, readText(root, file)))
}

/** The examples of the doc comments of a module. */
export function commentExamples(module: SourceModule): readonly DocExample[] {
  return module.comments
    .filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    .flatMap(({ value, start }) => {
      const lines = value.split('\n').map((line) => line.replace(/^\s*\* ?/, ''))
      return fencedBlocks(module.file, lines, module.lineAt(start), 'comment')
    })
}

/**
 * The examples of a Markdown text. What stands between `<!-- name:begin -->` and its `name:end` is
 * copied from a file that has tests of its own, and is left out.
 */
export function markdownExamples(file: string, text: string): readonly DocExample[] {
  const own = text.replace(COPIED, (copied) => copied.replace(/[^\n]/g, ''))
  return fencedBlocks(file, own.split('\n'), 1, 'markdown')
}

function fencedBlocks(
  file: string,
  lines: readonly string[],
  firstLine: number,
  place: DocExample['place'],
): readonly DocExample[] {
  const examples: DocExample[] = []
  let open: { readonly info: string; readonly indent: number; readonly at: number } | undefined
  lines.forEach((line, index) => {
    const fence = FENCE.exec(line)
    if (fence === null) return
    if (open === undefined) {
      open = { info: (fence[2] as string).trim(), indent: (fence[1] as string).length, at: index }
      return
    }
    if (fence[2]?.trim() !== '') return
    const { info, indent, at } = open
    open = undefined
    const mark = markOf(info)
    if (mark === undefined) return
    const code = lines.slice(at + 1, index).map((text) => text.slice(indent))
    examples.push({ file, line: firstLine + at + 1, code: code.join('\n'), mark, place })
  })
  if (open !== undefined) throw new Error(`${file}:${firstLine + open.at} opens a block for ever`)
  return examples
}

function markOf(info: string): ExampleMark | undefined {
  const [language, ...words] = info.split(/\s+/)
  if (language !== 'ts' && language !== 'typescript') return undefined
  if (words.includes('sketch')) return 'sketch'
  return words.includes('no-run') ? 'no-run' : 'run'
}

function readText(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n')
}
