import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Comment, parseSync } from 'oxc-parser'
import { childAt, identifierName, type SyntaxNode, stringValue, walk } from './syntax-tree.ts'

/** One mention of another module. */
export interface ModuleImport {
  readonly specifier: string
  readonly line: number
  /** `url` for `new URL('./x.ts', import.meta.url)`, `import` for everything else. */
  readonly kind: 'import' | 'url'
}

/** A parsed TypeScript file. */
export interface SourceModule {
  /** Path relative to the repository, with `/`. */
  readonly file: string
  readonly text: string
  readonly program: SyntaxNode
  readonly comments: readonly Comment[]
  readonly imports: readonly ModuleImport[]
  /** The line of an offset, counted from 1. */
  lineAt(offset: number): number
}

/**
 * Reads and parses one file.
 *
 * @throws Error when the file is not TypeScript
 */
export function readSourceModule(root: string, file: string): SourceModule {
  const text = readFileSync(join(root, file), 'utf8')
  const parsed = parseSync(file, text)
  const error = parsed.errors[0]
  if (error !== undefined) throw new Error(`${file} does not parse: ${error.message}`)
  const program = parsed.program as unknown as SyntaxNode
  const lineAt = lineFinder(text)
  return {
    file,
    text,
    program,
    comments: parsed.comments,
    imports: findImports(program, lineAt),
    lineAt,
  }
}

function findImports(
  program: SyntaxNode,
  lineAt: (offset: number) => number,
): readonly ModuleImport[] {
  const imports: ModuleImport[] = []
  const add = (source: SyntaxNode | undefined, kind: ModuleImport['kind']): void => {
    const specifier = stringValue(source)
    if (specifier === undefined || source === undefined) return
    imports.push({ specifier, line: lineAt(source.start), kind })
  }
  walk(program, (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
      case 'ImportExpression':
      case 'TSImportType':
        add(childAt(node, 'source'), 'import')
        break
      case 'NewExpression':
        if (identifierName(childAt(node, 'callee')) === 'URL') addUrl(node, add)
        break
    }
  })
  return imports
}

function addUrl(
  node: SyntaxNode,
  add: (source: SyntaxNode | undefined, kind: 'url') => void,
): void {
  const [target, base] = node.arguments as readonly SyntaxNode[]
  const relative = stringValue(target)
  if (relative === undefined || !/^\.\.?\/.*\.ts$/.test(relative)) return
  const isMetaUrl =
    base?.type === 'MemberExpression' &&
    childAt(base, 'object')?.type === 'MetaProperty' &&
    identifierName(childAt(base, 'property')) === 'url'
  if (isMetaUrl) add(target, 'url')
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0]
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }
}
