import type { SourceModule } from './source-module.ts'
import {
  childAt,
  childNodes,
  identifierName,
  isSyntaxNode,
  type SyntaxNode,
  stringValue,
} from './syntax-tree.ts'

/** A use of the platform's clock, timers, randomness or process. */
export interface AmbientUse {
  readonly name: string
  readonly line: number
}

/** Globals that engine code may not mention at all. */
const FORBIDDEN_GLOBALS = new Set([
  'performance',
  'process',
  'crypto',
  'WeakRef',
  'FinalizationRegistry',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'requestAnimationFrame',
  'Buffer',
  'require',
])

/** Members of globals that engine code may not use; the other members are pure. */
const FORBIDDEN_MEMBERS = new Map<string, ReadonlySet<string>>([
  ['Date', new Set(['now'])],
  ['Math', new Set(['random'])],
  ['Atomics', new Set(['wait'])],
])

/** Nodes of TypeScript that wrap an expression; every other `TS…` node holds types only. */
const EXPRESSION_WRAPPERS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
])

/** Finds what a module takes from the platform without being given it. */
export function findAmbientUses(module: SourceModule): readonly AmbientUse[] {
  const finder = new AmbientFinder(module)
  finder.visit(module.program, [])
  return finder.uses
}

type Scopes = readonly ReadonlySet<string>[]

class AmbientFinder {
  readonly uses: AmbientUse[] = []
  readonly #module: SourceModule

  constructor(module: SourceModule) {
    this.#module = module
  }

  visit(node: SyntaxNode, outer: Scopes): void {
    if (node.type.startsWith('TS') && !EXPRESSION_WRAPPERS.has(node.type)) return
    const declared = declaredIn(node)
    const scopes = declared.size === 0 ? outer : [...outer, declared]
    if (this.#check(node, scopes)) return
    for (const child of valueChildren(node)) this.visit(child, scopes)
  }

  /** Reports the node when it is forbidden; true when what is below it is settled. */
  #check(node: SyntaxNode, scopes: Scopes): boolean {
    const isGlobal = (name: string): boolean => !scopes.some((scope) => scope.has(name))
    const report = (name: string): true => {
      this.uses.push({ name, line: this.#module.lineAt(node.start) })
      return true
    }
    if (node.type === 'Identifier') {
      const name = String(node.name)
      return FORBIDDEN_GLOBALS.has(name) && isGlobal(name) && report(name)
    }
    if (node.type === 'MemberExpression') return this.#checkMember(node, isGlobal, report)
    if (node.type === 'NewExpression' || node.type === 'CallExpression') {
      const calledDate = identifierName(childAt(node, 'callee')) === 'Date' && isGlobal('Date')
      const args = node.arguments as readonly SyntaxNode[]
      if (!calledDate) return false
      if (node.type === 'CallExpression') return report('Date()')
      return args.length === 0 && report('new Date()')
    }
    if (node.type === 'VariableDeclarator') {
      const source = identifierName(childAt(node, 'init'))
      const unpacked = childAt(node, 'id')?.type === 'ObjectPattern'
      if (source === undefined || !unpacked || !FORBIDDEN_MEMBERS.has(source)) return false
      return isGlobal(source) && report(`unpacked ${source}`)
    }
    return false
  }

  #checkMember(
    node: SyntaxNode,
    isGlobal: (name: string) => boolean,
    report: (name: string) => true,
  ): boolean {
    const owner = ownerName(childAt(node, 'object'), isGlobal)
    const property = childAt(node, 'property')
    const member = node.computed === true ? stringValue(property) : identifierName(property)
    if (owner === undefined || member === undefined || !isGlobal(owner)) return false
    if (owner === 'globalThis')
      return FORBIDDEN_GLOBALS.has(member) && report(`globalThis.${member}`)
    return FORBIDDEN_MEMBERS.get(owner)?.has(member) === true && report(`${owner}.${member}`)
  }
}

/** `Date` for both `Date` and `globalThis.Date`. */
function ownerName(
  object: SyntaxNode | undefined,
  isGlobal: (name: string) => boolean,
): string | undefined {
  if (object?.type !== 'MemberExpression') return identifierName(object)
  const outer = identifierName(childAt(object, 'object'))
  return outer === 'globalThis' && isGlobal(outer)
    ? identifierName(childAt(object, 'property'))
    : undefined
}

/** The children of a node that can use a variable: no member names, no keys, no labels. */
function valueChildren(node: SyntaxNode): readonly SyntaxNode[] {
  if (EXPRESSION_WRAPPERS.has(node.type)) return pick(node, ['expression'])
  switch (node.type) {
    case 'MemberExpression':
      return pick(node, node.computed === true ? ['object', 'property'] : ['object'])
    case 'Property':
    case 'PropertyDefinition':
    case 'MethodDefinition':
    case 'AccessorProperty':
      return pick(node, node.computed === true ? ['key', 'value'] : ['value'])
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return []
    case 'ExportNamedDeclaration':
      return pick(node, isSyntaxNode(node.source) ? [] : ['declaration'])
    case 'LabeledStatement':
      return pick(node, ['body'])
    default:
      return childNodes(node)
  }
}

function pick(node: SyntaxNode, keys: readonly string[]): readonly SyntaxNode[] {
  return keys.map((key) => childAt(node, key)).filter((child) => child !== undefined)
}

/** The names that a node declares for what is below it. */
function declaredIn(node: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>()
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
      for (const statement of node.body as readonly SyntaxNode[]) declareStatement(statement, names)
      break
    case 'ForStatement':
      declareStatement(childAt(node, 'init'), names)
      break
    case 'ForOfStatement':
    case 'ForInStatement':
      declareStatement(childAt(node, 'left'), names)
      break
    case 'CatchClause':
      declarePattern(childAt(node, 'param'), names)
      break
    case 'FunctionExpression':
    case 'ClassExpression':
    case 'FunctionDeclaration':
    case 'ArrowFunctionExpression':
      declarePattern(childAt(node, 'id'), names)
      for (const param of (node.params ?? []) as readonly SyntaxNode[]) declarePattern(param, names)
      break
  }
  return names
}

function declareStatement(statement: SyntaxNode | undefined, names: Set<string>): void {
  switch (statement?.type) {
    case 'VariableDeclaration':
      for (const declarator of statement.declarations as readonly SyntaxNode[]) {
        declarePattern(childAt(declarator, 'id'), names)
      }
      break
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      declarePattern(childAt(statement, 'id'), names)
      break
    case 'ExportNamedDeclaration':
      declareStatement(childAt(statement, 'declaration'), names)
      break
    case 'ImportDeclaration':
      for (const specifier of statement.specifiers as readonly SyntaxNode[]) {
        declarePattern(childAt(specifier, 'local'), names)
      }
      break
  }
}

function declarePattern(pattern: SyntaxNode | undefined, names: Set<string>): void {
  switch (pattern?.type) {
    case 'Identifier':
      names.add(String(pattern.name))
      break
    case 'ObjectPattern':
      for (const property of pattern.properties as readonly SyntaxNode[]) {
        declarePattern(childAt(property, 'value') ?? childAt(property, 'argument'), names)
      }
      break
    case 'ArrayPattern':
      for (const element of pattern.elements as readonly unknown[]) {
        if (isSyntaxNode(element)) declarePattern(element, names)
      }
      break
    case 'AssignmentPattern':
      declarePattern(childAt(pattern, 'left'), names)
      break
    case 'RestElement':
      declarePattern(childAt(pattern, 'argument'), names)
      break
  }
}
