// Checks what the conventions say about files, names and tests:
//   node scripts/check-style.ts [root]
// Rules: file-size, function-size, line-length, default-export, name, path, glossary, todo, only,
// skip.

import { dirname, resolve } from 'node:path'
import { exportFault, glossaryFault, pathFault } from './checks/banned-names.ts'
import { declaredNames, exportedNames } from './checks/declared-names.ts'
import { readSourceModule, type SourceModule } from './checks/source-module.ts'
import { isTestFile, listFiles } from './checks/source-tree.ts'
import { DEFAULT_EXPORTS, isExcepted, LONG_FILES } from './checks/style-exceptions.ts'
import { childAt, identifierName, type SyntaxNode, walk } from './checks/syntax-tree.ts'
import { reportViolations, type Violation } from './checks/violation.ts'

const FOLDERS = ['engine', 'chapters', 'bench', 'site', 'scripts']
const MAX_FILE_LINES = 700
const MAX_TEST_LINES = 1000
const MAX_FUNCTION_LINES = 70
const MAX_COLUMNS = 100

/** What a style check found. */
export interface StyleReport {
  readonly violations: readonly Violation[]
  /** Half of the source files that are no tests are at most this long. */
  readonly medianLines: number
}

/** Checks the style rules of a repository. */
export function checkStyle(root: string): StyleReport {
  const files = FOLDERS.flatMap((folder) =>
    listFiles(root, folder, (file) => /\.tsx?$/.test(file) && !file.startsWith('chapters/work/')),
  )
  const modules = files.map((file) => readSourceModule(root, file))
  const lengths = modules.filter(({ file }) => !isTestFile(file)).map(lineCount)
  lengths.sort((a, b) => a - b)
  return {
    violations: modules.flatMap(checkModule),
    medianLines: lengths[lengths.length >> 1] ?? 0,
  }
}

function checkModule(module: SourceModule): readonly Violation[] {
  const violations: Violation[] = []
  const add = (rule: string, line: number, message: string): void => {
    violations.push({ file: module.file, line, rule, message })
  }
  checkFileSize(module, add)
  checkFunctions(module, add)
  checkLines(module, add)
  checkNames(module, add)
  checkDefaultExport(module, add)
  checkComments(module, add)
  checkTestModifiers(module, add)
  return violations
}

type Add = (rule: string, line: number, message: string) => void

function lineCount(module: SourceModule): number {
  return module.lineAt(module.text.trimEnd().length)
}

function checkFileSize(module: SourceModule, add: Add): void {
  const limit = isTestFile(module.file) ? MAX_TEST_LINES : MAX_FILE_LINES
  const lines = lineCount(module)
  if (lines > limit && !isExcepted(LONG_FILES, module.file)) {
    add('file-size', 1, `${lines} lines; the limit is ${limit}`)
  }
}

function checkFunctions(module: SourceModule, add: Add): void {
  const suites = new Set<SyntaxNode>()
  walk(module.program, (node) => {
    if (node.type === 'CallExpression' && isTestFile(module.file)) {
      for (const argument of node.arguments as readonly SyntaxNode[]) suites.add(argument)
    }
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
      return
    }
    const first = module.lineAt(node.start)
    const lines = module.lineAt(node.end) - first + 1
    if (lines > MAX_FUNCTION_LINES && !suites.has(node)) {
      add(
        'function-size',
        first,
        `a function of ${lines} lines; the limit is ${MAX_FUNCTION_LINES}`,
      )
    }
  })
}

function checkLines(module: SourceModule, add: Add): void {
  const lines = module.text.split('\n')
  const spared = sparedColumns(module)
  lines.forEach((text, index) => {
    const columns = text.trimEnd().length
    if (columns <= MAX_COLUMNS || /https?:\/\//.test(text)) return
    if (columns - (spared.get(index + 1) ?? 0) <= MAX_COLUMNS) return
    add('line-length', index + 1, `${columns} columns; the limit is ${MAX_COLUMNS}`)
  })
}

/** The columns of each line that strings, templates and regular expressions take. */
function sparedColumns(module: SourceModule): ReadonlyMap<number, number> {
  const spared = new Map<number, number>()
  walk(module.program, (node) => {
    const literal = node.type === 'Literal' && typeof node.value !== 'number'
    if (!literal && node.type !== 'TemplateLiteral') return true
    const last = module.lineAt(node.end)
    for (let line = module.lineAt(node.start); line <= last; line++) {
      spared.set(line, (spared.get(line) ?? 0) + node.end - node.start)
    }
    return false
  })
  return spared
}

function checkNames(module: SourceModule, add: Add): void {
  const path = pathFault(module.file)
  if (path !== undefined) add('path', 1, path)
  for (const { name, kind, line } of exportedNames(module)) {
    const fault = exportFault(name, kind)
    if (fault !== undefined) add('name', line, fault)
  }
  for (const { name, line } of declaredNames(module)) {
    const fault = glossaryFault(name)
    if (fault !== undefined) add('glossary', line, fault)
  }
}

function checkDefaultExport(module: SourceModule, add: Add): void {
  if (isExcepted(DEFAULT_EXPORTS, module.file)) return
  for (const statement of module.program.body as readonly SyntaxNode[]) {
    const line = module.lineAt(statement.start)
    if (statement.type === 'ExportDefaultDeclaration') {
      add('default-export', line, 'exports are named')
    }
    for (const specifier of (statement.specifiers ?? []) as readonly SyntaxNode[]) {
      const exported = childAt(specifier, 'exported')
      if (identifierName(exported) === 'default') add('default-export', line, 'exports are named')
    }
  }
}

function checkComments(module: SourceModule, add: Add): void {
  for (const comment of module.comments) {
    const word = /\b(TODO|FIXME|XXX)\b/.exec(comment.value)
    if (word === null) continue
    add('todo', module.lineAt(comment.start), `${word[1]}: do it now, or file an issue`)
  }
}

function checkTestModifiers(module: SourceModule, add: Add): void {
  if (!isTestFile(module.file)) return
  walk(module.program, (node) => {
    if (node.type !== 'CallExpression') return
    const callee = childAt(node, 'callee')
    const modifier = testModifier(callee)
    const line = module.lineAt((childAt(callee!, 'property') ?? callee!).start)
    if (modifier === 'only') add('only', line, 'the other tests of this file do not run')
    else if (modifier !== undefined && !hasReason(module, node)) {
      add('skip', line, `say in a comment beside "${modifier}" why the test may not run`)
    }
  })
}

/** `only`, `skip` and their like when a call modifies a test, wherever they stand in its chain. */
function testModifier(callee: SyntaxNode | undefined): string | undefined {
  let modifier: string | undefined
  let owner = callee
  while (owner?.type === 'MemberExpression') {
    const name = identifierName(childAt(owner, 'property')) ?? ''
    if (/^(only|skip|skipIf|runIf|todo|fails)$/.test(name)) modifier = name
    owner = childAt(owner, 'object')
  }
  return /^(it|test|describe|suite|bench)$/.test(identifierName(owner) ?? '') ? modifier : undefined
}

/** Whether a comment stands on the lines of the call's head or on the line before. */
function hasReason(module: SourceModule, call: SyntaxNode): boolean {
  const first = module.lineAt(call.start) - 1
  const last = module.lineAt(childAt(call, 'callee')!.end)
  return module.comments.some((comment) => {
    const line = module.lineAt(comment.start)
    return (
      (line >= first && line <= last) ||
      (comment.start > call.start && comment.end < call.end && line <= last + 1)
    )
  })
}

if (import.meta.main) {
  const report = checkStyle(resolve(process.argv[2] ?? dirname(import.meta.dirname)))
  console.log(`style: the median file has ${report.medianLines} lines (aim: at most 150)`)
  reportViolations('style', report.violations)
}
