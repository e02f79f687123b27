import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import type { SourceModule } from './source-module.ts'

/** An import of one file of the repository by another. */
export interface ImportEdge {
  readonly from: string
  readonly to: string
  readonly line: number
  readonly kind: 'import' | 'url'
}

/** A relative import that names no file. */
export interface DanglingImport {
  readonly file: string
  readonly line: number
  readonly specifier: string
}

/** Who imports whom among the files of the repository. */
export interface ImportGraph {
  readonly edges: ReadonlyMap<string, readonly ImportEdge[]>
  readonly dangling: readonly DanglingImport[]
}

/**
 * Resolves the imports of all modules.
 *
 * @param packageEntries the files behind each name by which packages of the workspace are imported
 */
export function buildImportGraph(
  root: string,
  modules: readonly SourceModule[],
  packageEntries: ReadonlyMap<string, readonly string[]>,
): ImportGraph {
  const edges = new Map<string, ImportEdge[]>()
  const dangling: DanglingImport[] = []
  for (const module of modules) {
    const out: ImportEdge[] = []
    for (const { specifier, line, kind } of module.imports) {
      if (!specifier.startsWith('.')) {
        for (const to of packageEntries.get(specifier) ?? []) {
          out.push({ from: module.file, to, line, kind })
        }
        continue
      }
      const to = normalize(join(dirname(module.file), specifier)).replaceAll('\\', '/')
      if (existsSync(join(root, to))) out.push({ from: module.file, to, line, kind })
      else dangling.push({ file: module.file, line, specifier })
    }
    edges.set(module.file, out)
  }
  return { edges, dangling }
}

/** Every file that can be reached from the given files, these included. */
export function reachableFrom(graph: ImportGraph, start: Iterable<string>): ReadonlySet<string> {
  const seen = new Set(start)
  for (const file of seen) {
    for (const edge of graph.edges.get(file) ?? []) seen.add(edge.to)
  }
  return seen
}

/**
 * Finds one shortest path of imports from a file to any accepted file.
 *
 * @returns the files on the path, both ends included, or undefined when there is no path
 */
export function findPath(
  graph: ImportGraph,
  from: string,
  accept: (file: string) => boolean,
  within: (edge: ImportEdge) => boolean = () => true,
): readonly ImportEdge[] | undefined {
  const cameBy = new Map<string, ImportEdge>()
  const queue = [from]
  const seen = new Set<string>()
  for (const file of queue) {
    for (const edge of graph.edges.get(file) ?? []) {
      if (seen.has(edge.to) || !within(edge)) continue
      seen.add(edge.to)
      cameBy.set(edge.to, edge)
      if (accept(edge.to)) return pathTo(edge.to, from, cameBy)
      queue.push(edge.to)
    }
  }
  return undefined
}

function pathTo(
  file: string,
  from: string,
  cameBy: ReadonlyMap<string, ImportEdge>,
): readonly ImportEdge[] {
  const path: ImportEdge[] = []
  let at = file
  do {
    const edge = cameBy.get(at)!
    path.unshift(edge)
    at = edge.from
  } while (at !== from)
  return path
}

/**
 * Finds import cycles: one shortest cycle for each group of files that import each other.
 * Files loaded by URL (worker entries) close no cycle, because they are other programs.
 */
export function findCycles(graph: ImportGraph): readonly (readonly ImportEdge[])[] {
  const cycles: (readonly ImportEdge[])[] = []
  for (const group of stronglyConnected(graph)) {
    const inside = new Set(group)
    const first = group.sort()[0]!
    const imports = (edge: ImportEdge): boolean => edge.kind === 'import' && inside.has(edge.to)
    const cycle = findPath(graph, first, (file) => file === first, imports)
    if (cycle !== undefined) cycles.push(cycle)
  }
  return cycles
}

/** Tarjan's algorithm; groups of one file count only when the file imports itself. */
function stronglyConnected(graph: ImportGraph): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const onStack = new Set<string>()
  const groups: string[][] = []
  const visit = (file: string): void => {
    index.set(file, index.size)
    low.set(file, index.get(file)!)
    stack.push(file)
    onStack.add(file)
    const edges = (graph.edges.get(file) ?? []).filter((edge) => edge.kind === 'import')
    for (const { to } of edges) {
      if (!index.has(to)) {
        visit(to)
        low.set(file, Math.min(low.get(file)!, low.get(to)!))
      } else if (onStack.has(to)) {
        low.set(file, Math.min(low.get(file)!, index.get(to)!))
      }
    }
    if (low.get(file) !== index.get(file)) return
    const group = stack.splice(stack.indexOf(file))
    for (const member of group) onStack.delete(member)
    if (group.length > 1 || edges.some(({ to }) => to === file)) groups.push(group)
  }
  for (const file of graph.edges.keys()) if (!index.has(file)) visit(file)
  return groups
}
