import { posix } from 'node:path'
import { parseSync } from 'oxc-parser'
import type { DocExample } from './doc-examples.ts'
import {
  childAt,
  childNodes,
  identifierName,
  type SyntaxNode,
  stringValue,
  walk,
} from './syntax-tree.ts'

/** Where a name that an example uses comes from. */
export interface ImportableName {
  readonly name: string
  readonly specifier: string
  readonly isType: boolean
}

/** What the module of an example is made with. */
export interface ExampleSurroundings {
  /** Where the module will stand, relative to the repository. */
  readonly folder: string
  /** The module with `same` and `throws`, relative to the repository. */
  readonly assertions: string
  /** Names that are imported when an example uses them and does not declare them. */
  readonly importable: ReadonlyMap<string, ImportableName>
}

/** A module made of an example: it exports `run`. */
export interface ExampleModule {
  /** Line 1 is made up; line 2 is the first line of the example. */
  readonly text: string
  /** How many `// =>` and `// throws` it checks. */
  readonly assertionCount: number
  /** What it imports itself, for later examples of the same page. */
  readonly imports: readonly ImportableName[]
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

const ENVIRONMENT = 'getExecutionEnvironment'

/**
 * Turns an example into a module that can be checked and run. `expr // => value` becomes an
 * assertion of deep equality, `expr // throws CODE` one of an error; a `const` may stand for
 * `expr`. In a doc comment `env` is an execution environment unless the example declares its own.
 *
 * @throws Error when the example does not parse or an assertion stands behind no expression
 */
export function exampleModule(
  example: DocExample,
  surroundings: ExampleSurroundings,
): ExampleModule {
  const parsed = parseExample(example)
  const { program, comments } = parsed
  const edits: Edit[] = []
  const assertions = comments.flatMap((comment, index) => {
    const assertion = assertionOf(comments.slice(index), example.code)
    return assertion === undefined ? [] : [{ ...assertion, start: comment.start }]
  })
  for (const assertion of assertions) edits.push(...assertEdits(example, program, assertion))
  const imports = importsOf(example, program, surroundings, edits)
  const used = usedNames(program)
  const needed = [...used.names].filter((name) => !used.declared.has(name))
  const needsEnvironment = example.place === 'comment' && needed.includes('env')
  if (needsEnvironment) needed.push(ENVIRONMENT)
  const added = [...new Set(needed)].flatMap((name) => surroundings.importable.get(name) ?? [])
  const head = [
    `import { same, throws } from '${relativePath(surroundings, surroundings.assertions)}'`,
    ...imports.map(({ text }) => text),
    ...added.map(importText),
    'void [same, throws]; export async function run(): Promise<void> {',
    needsEnvironment ? `const env = ${ENVIRONMENT}()` : '',
  ]
  return {
    text: `${head.join('; ')}\n${applyEdits(example.code, edits)}\n}\n`,
    assertionCount: assertions.length,
    imports: imports.flatMap(({ names }) => names),
  }
}

interface ParsedExample {
  readonly program: SyntaxNode
  readonly comments: readonly { readonly type: string; value: string; start: number; end: number }[]
}

/** Parses an example. @throws Error with file and line when it is not TypeScript */
export function parseExample(example: DocExample): ParsedExample {
  const parsed = parseSync('example.ts', example.code, { sourceType: 'module' })
  const error = parsed.errors[0]
  if (error !== undefined) throw wrong(example, 0, `does not parse: ${error.message}`)
  return { program: parsed.program as unknown as SyntaxNode, comments: parsed.comments }
}

interface Assertion {
  readonly kind: 'same' | 'throws'
  readonly expected: string
  readonly start: number
}

/** The assertion that a comment begins; its value may go on in the comments below. */
function assertionOf(
  comments: ParsedExample['comments'],
  code: string,
): Omit<Assertion, 'start'> | undefined {
  const [first, ...rest] = comments
  if (first?.type !== 'Line') return undefined
  const errorCode = /^ ?throws ([A-Z][A-Za-z_]+)\s*$/.exec(first.value)?.[1]
  if (errorCode !== undefined) return { kind: 'throws', expected: errorCode }
  if (!/^ ?=>/.test(first.value)) return undefined
  let expected = first.value.replace(/^ ?=>/, '')
  let end = first.end
  for (const next of rest) {
    if (isExpression(expected) || /\S/.test(code.slice(end, next.start))) break
    expected += ` ${next.value}`
    end = next.end
  }
  return { kind: 'same', expected: expected.trim() }
}

function isExpression(text: string): boolean {
  return parseSync('value.ts', `(${text}\n)`).errors.length === 0
}

function assertEdits(
  example: DocExample,
  program: SyntaxNode,
  { kind, expected, start }: Assertion,
): readonly Edit[] {
  if (kind === 'same' && !isExpression(expected)) {
    throw wrong(example, start, `"${expected}" is no value`)
  }
  const { code } = example
  const statement = statementBefore(program, code, start)
  const where = JSON.stringify(`${example.file}:${lineOf(example, start)}`)
  const tail = kind === 'same' ? `(${expected}), ${where});` : `'${expected}', ${where});`
  const expression = statement === undefined ? undefined : childAt(statement, 'expression')
  if (statement !== undefined && expression !== undefined) {
    const head = kind === 'same' ? ';same(' : ';await throws(async () => '
    return [
      { start: statement.start, end: expression.start, text: head },
      { start: expression.end, end: statement.end, text: `, ${tail}` },
    ]
  }
  const name = statement === undefined ? undefined : variableOf(statement)
  if (name === undefined || kind === 'throws') {
    throw wrong(example, start, 'this assertion stands behind no expression')
  }
  return [{ start, end: start, text: `;same(${name}, ${tail}` }]
}

/** The statement that ends directly before a comment: on its line, or on the line above. */
function statementBefore(program: SyntaxNode, code: string, start: number): SyntaxNode | undefined {
  let found: SyntaxNode | undefined
  walk(program, (node) => {
    if (node.type !== 'ExpressionStatement' && node.type !== 'VariableDeclaration') return true
    if (node.end <= start && /^\s*$/.test(code.slice(node.end, start))) found = node
    return true
  })
  return found
}

function variableOf(statement: SyntaxNode): string | undefined {
  const [declarator] = childNodes(statement)
  return declarator === undefined ? undefined : identifierName(childAt(declarator, 'id'))
}

/** The imports of an example, cut out of its text. `export` before a declaration goes too. */
function importsOf(
  example: DocExample,
  program: SyntaxNode,
  surroundings: ExampleSurroundings,
  edits: Edit[],
): readonly { readonly text: string; readonly names: readonly ImportableName[] }[] {
  const imports: { text: string; names: readonly ImportableName[] }[] = []
  for (const statement of program.body as readonly SyntaxNode[]) {
    const declaration = childAt(statement, 'declaration')
    if (statement.type === 'ExportNamedDeclaration' && declaration !== undefined) {
      edits.push({ start: statement.start, end: declaration.start, text: '' })
    }
    const source = childAt(statement, 'source')
    if (statement.type !== 'ImportDeclaration' || source === undefined) continue
    const written = stringValue(source) ?? ''
    const specifier = written.startsWith('.')
      ? relativePath(surroundings, posix.join(posix.dirname(example.file), written))
      : written
    const text = example.code.slice(statement.start, source.start) + JSON.stringify(specifier)
    const lines = example.code.slice(statement.start, statement.end).replace(/[^\n]/g, '')
    edits.push({ start: statement.start, end: statement.end, text: lines })
    imports.push({ text: text.replaceAll('\n', ' '), names: importedNames(statement, specifier) })
  }
  return imports
}

function importedNames(statement: SyntaxNode, specifier: string): readonly ImportableName[] {
  return (statement.specifiers as readonly SyntaxNode[])
    .filter(({ type }) => type === 'ImportSpecifier')
    .map((item) => ({
      name: identifierName(childAt(item, 'imported')) ?? '',
      specifier,
      isType: statement.importKind === 'type' || item.importKind === 'type',
    }))
}

function importText({ name, specifier, isType }: ImportableName): string {
  return `import { ${isType ? 'type ' : ''}${name} } from '${specifier}'`
}

/** Names that stand for a value or a type, and names that the example declares anywhere. */
function usedNames(program: SyntaxNode): {
  readonly names: ReadonlySet<string>
  readonly declared: ReadonlySet<string>
} {
  const names = new Set<string>()
  const declared = new Set<string>()
  const visit = (node: SyntaxNode): void => {
    const name = identifierName(node)
    if (name !== undefined) names.add(name)
    for (const declaring of declaredBy(node)) {
      walk(declaring, (part) => {
        const declaredName = identifierName(part)
        if (declaredName !== undefined) declared.add(declaredName)
        return part.type !== 'TSTypeAnnotation' && part.type !== 'AssignmentPattern'
      })
    }
    for (const child of childNodes(node)) if (!isLabel(node, child)) visit(child)
  }
  visit(program)
  return { names, declared }
}

/** The patterns and names that a node declares. */
function declaredBy(node: SyntaxNode): readonly SyntaxNode[] {
  switch (node.type) {
    case 'VariableDeclarator':
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      return present([childAt(node, 'id')])
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return present([childAt(node, 'id'), ...((node.params ?? []) as readonly SyntaxNode[])])
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
      return present([childAt(node, 'local')])
    case 'CatchClause':
      return present([childAt(node, 'param')])
    default:
      return []
  }
}

function present(nodes: readonly (SyntaxNode | undefined)[]): readonly SyntaxNode[] {
  return nodes.filter((node) => node !== undefined)
}

/** Whether a child only names a member: `a.member`, `{ member: 1 }`, a method's name. */
function isLabel(node: SyntaxNode, child: SyntaxNode): boolean {
  if (node.computed === true || node.shorthand === true) return false
  return node.type === 'MemberExpression' ? child === node.property : child === node.key
}

function applyEdits(code: string, edits: readonly Edit[]): string {
  let text = code
  const inOrder = edits.toSorted((a, b) => b.start - a.start)
  for (const edit of inOrder) text = text.slice(0, edit.start) + edit.text + text.slice(edit.end)
  return text
}

function relativePath(surroundings: ExampleSurroundings, file: string): string {
  const path = posix.relative(surroundings.folder, file)
  return path.startsWith('.') ? path : `./${path}`
}

function lineOf(example: DocExample, offset: number): number {
  return example.line + example.code.slice(0, offset).split('\n').length - 1
}

function wrong(example: DocExample, offset: number, message: string): Error {
  return new Error(`${example.file}:${lineOf(example, offset)} ${message}`)
}
