import { posix } from 'node:path'
import { packageEntries } from './package-entries.ts'
import { readSourceModule, type SourceModule } from './source-module.ts'
import { childAt, identifierName, isSyntaxNode, type SyntaxNode } from './syntax-tree.ts'

/** A name that a subpath of the engine's package exports. */
export interface PublicExport {
  readonly name: string
  /** What one writes to import it, such as `@millrace/engine/testing`. */
  readonly specifier: string
  /** The entry, or the module below it, that lists the export, relative to the repository. */
  readonly listedIn: string
  readonly line: number
  /** The module that declares it, relative to the repository. */
  readonly file: string
  /** True for what exists only for the compiler. */
  readonly isType: boolean
  /** The text of the doc comment of the declaration, without stars. */
  readonly docComment: string | undefined
  /** `public`, `experimental` or `internal`, from the declaration or the list. */
  readonly stability: string | undefined
}

/** Every export of every subpath of the engine's package. */
export function publicExports(root: string): readonly PublicExport[] {
  const modules = new Map<string, SourceModule>()
  const read = (file: string): SourceModule => {
    const known = modules.get(file) ?? readSourceModule(root, file)
    modules.set(file, known)
    return known
  }
  return [...packageEntries(root, 'engine')]
    .filter(([specifier]) => !specifier.startsWith('bin:'))
    .flatMap(([specifier, files]) =>
      files.flatMap((file) => exportsOf(read(file), specifier, read)),
    )
}

function exportsOf(
  module: SourceModule,
  specifier: string,
  read: (file: string) => SourceModule,
): readonly PublicExport[] {
  const found: PublicExport[] = []
  for (const statement of module.program.body as readonly SyntaxNode[]) {
    const source = childAt(statement, 'source')
    if (source === undefined) continue
    const target = posix.join(posix.dirname(module.file), String(source.value))
    if (statement.type === 'ExportAllDeclaration') {
      found.push(...exportsOf(read(target), specifier, read))
    }
    if (statement.type !== 'ExportNamedDeclaration') continue
    const listed = docCommentBefore(module, statement)
    for (const item of statement.specifiers as readonly SyntaxNode[]) {
      const local = identifierName(childAt(item, 'local')) ?? ''
      const declared = declarationOf(read(target), local)
      const docComment =
        declared === undefined ? undefined : docCommentBefore(read(target), declared)
      found.push({
        name: identifierName(childAt(item, 'exported')) ?? local,
        specifier,
        listedIn: module.file,
        line: module.lineAt(item.start),
        file: target,
        isType: statement.exportKind === 'type' || item.exportKind === 'type',
        docComment,
        stability: stabilityIn(docComment) ?? stabilityIn(listed),
      })
    }
  }
  return found
}

/** The first declaration of an exported name: overloads carry their comment on the first. */
function declarationOf(module: SourceModule, name: string): SyntaxNode | undefined {
  const body = module.program.body as readonly SyntaxNode[]
  return body.find((statement) => {
    const declaration = childAt(statement, 'declaration')
    if (statement.type !== 'ExportNamedDeclaration' || declaration === undefined) return false
    const declarators = declaration.declarations
    const nodes = Array.isArray(declarators) ? declarators.filter(isSyntaxNode) : [declaration]
    return nodes.some((node) => identifierName(childAt(node, 'id')) === name)
  })
}

/** The text of the doc comment that stands directly before a node. */
function docCommentBefore(module: SourceModule, node: SyntaxNode): string | undefined {
  const comment = module.comments.findLast(({ end }) => end <= node.start)
  if (comment === undefined || comment.type !== 'Block' || !comment.value.startsWith('*')) {
    return undefined
  }
  const between = module.text.slice(comment.end, node.start)
  if (!/^\s*(?:\/\/.*\n\s*)*$/.test(between) || /\n\s*\n/.test(between)) return undefined
  return comment.value.replace(/^\s*\* ?/gm, '').trim()
}

function stabilityIn(text: string | undefined): string | undefined {
  return /^\s*@(public|experimental|internal)\b/m.exec(text ?? '')?.[1]
}
