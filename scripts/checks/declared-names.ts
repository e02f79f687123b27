import type { SourceModule } from './source-module.ts'
import { childAt, identifierName, isSyntaxNode, type SyntaxNode, walk } from './syntax-tree.ts'

/** A name that a module declares. */
export interface DeclaredName {
  readonly name: string
  /** Type of the declaring node, for example `TSInterfaceDeclaration`. */
  readonly kind: string
  readonly line: number
}

/** Every name that a module declares: variables, functions, types and members. */
export function declaredNames(module: SourceModule): readonly DeclaredName[] {
  const names: DeclaredName[] = []
  const add = (node: SyntaxNode | undefined, kind: string): void => {
    const name = identifierName(node) ?? privateName(node)
    if (name !== undefined) names.push({ name, kind, line: module.lineAt(node!.start) })
  }
  walk(module.program, (node) => {
    switch (node.type) {
      case 'VariableDeclarator':
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
        add(childAt(node, 'id'), node.type)
        break
      case 'MethodDefinition':
      case 'PropertyDefinition':
      case 'TSPropertySignature':
      case 'TSMethodSignature':
        if (node.computed !== true) add(childAt(node, 'key'), node.type)
        break
    }
  })
  return names
}

/** The names that a module exports from declarations of its own. */
export function exportedNames(module: SourceModule): readonly DeclaredName[] {
  const names: DeclaredName[] = []
  for (const statement of module.program.body as readonly SyntaxNode[]) {
    if (statement.type !== 'ExportNamedDeclaration') continue
    const declaration = childAt(statement, 'declaration')
    if (declaration === undefined) continue
    const declarators = declaration.declarations
    const declared = Array.isArray(declarators) ? declarators.filter(isSyntaxNode) : [declaration]
    for (const node of declared) {
      const id = childAt(node, 'id')
      const name = identifierName(id)
      if (name === undefined) continue
      names.push({ name, kind: declaration.type, line: module.lineAt(id!.start) })
    }
  }
  return names
}

function privateName(node: SyntaxNode | undefined): string | undefined {
  return node?.type === 'PrivateIdentifier' ? String(node.name) : undefined
}
