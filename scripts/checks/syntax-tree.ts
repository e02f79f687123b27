import { visitorKeys } from 'oxc-parser'

/** A node of the syntax tree, seen without its type. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** Whether a value is a node of the syntax tree. */
export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { type?: unknown }).type === 'string'
  )
}

/** The child nodes of a node, in the order of the source. */
export function childNodes(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (const key of visitorKeys[node.type] ?? []) {
    const value = node[key]
    if (Array.isArray(value)) {
      for (const item of value) if (isSyntaxNode(item)) children.push(item)
    } else if (isSyntaxNode(value)) {
      children.push(value)
    }
  }
  return children
}

/** The child under a key, when there is one node. */
export function childAt(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const value = node[key]
  return isSyntaxNode(value) ? value : undefined
}

/** The name of an identifier, or undefined for any other node. */
export function identifierName(node: SyntaxNode | undefined): string | undefined {
  return node?.type === 'Identifier' ? String(node.name) : undefined
}

/** The text of a string literal, or undefined for any other node. */
export function stringValue(node: SyntaxNode | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

/**
 * Visits a node and all nodes below it, parents first.
 *
 * @param visit returns `false` to leave out what is below the node
 */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => unknown): void {
  if (visit(node) === false) return
  for (const child of childNodes(node)) walk(child, visit)
}
