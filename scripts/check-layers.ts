// Checks the architecture of the engine: `node scripts/check-layers.ts [root] [--matrix]`.
// Rules: layer, cycle, unused, node-builtin, ambient, browser, import, architecture.

import { existsSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { findAmbientUses } from './checks/ambient-uses.ts'
import {
  buildImportGraph,
  findCycles,
  findPath,
  type ImportEdge,
  type ImportGraph,
  reachableFrom,
} from './checks/import-graph.ts'
import {
  AMBIENT_FOLDERS,
  isInside,
  LAYERS,
  matrixTable,
  NODE_FOLDERS,
  PLATFORM_CHOOSERS,
  PLATFORM_FOLDERS,
  STRANGERS,
} from './checks/layer-matrix.ts'
import { packageEntries } from './checks/package-entries.ts'
import { readSourceModule, type SourceModule } from './checks/source-module.ts'
import { isTestFile, listFiles } from './checks/source-tree.ts'
import { reportViolations, type Violation } from './checks/violation.ts'

const SOURCE = 'engine/src/'

/** Folders whose files may import the engine, and so keep its files in use. */
const USERS = ['engine', 'bench', 'chapters', 'scripts', 'site']

/** Where ARCHITECTURE.md holds the generated matrix. */
const MATRIX_BEGIN = '<!-- import-matrix:begin -->'
const MATRIX_END = '<!-- import-matrix:end -->'

/**
 * Checks all layer rules of a repository.
 *
 * @param root the repository
 */
export function checkLayers(root: string): readonly Violation[] {
  const files = USERS.flatMap((folder) =>
    listFiles(root, folder, (file) => file.endsWith('.ts') && !file.endsWith('.d.ts')),
  )
  const modules = files.map((file) => readSourceModule(root, file))
  const entries = packageEntries(root, 'engine')
  const graph = buildImportGraph(root, modules, entries)
  const engine = modules.filter((module) => module.file.startsWith(SOURCE))
  const sources = engine.filter((module) => !isTestFile(module.file))
  const entryFiles = new Set([...entries.values()].flat())
  return [
    ...sources.flatMap((module) => checkImports(module, graph)),
    ...sources.flatMap(checkNodeBuiltins),
    ...sources.flatMap(checkAmbient),
    ...checkDangling(graph),
    ...findCycles(graph).map(cycleViolation),
    ...checkUnused(engine, modules, graph, entryFiles),
    ...checkBrowser(graph),
    ...checkArchitecture(root),
  ]
}

function checkImports(module: SourceModule, graph: ImportGraph): readonly Violation[] {
  const violations: Violation[] = []
  const from = layerOf(module.file)
  if (from === undefined) {
    const known = LAYERS.map((layer) => layer.name).join(', ')
    const message = `no layer owns this file; the layers are ${known}`
    violations.push({ file: module.file, line: 1, rule: 'layer', message })
    return violations
  }
  for (const edge of graph.edges.get(module.file) ?? []) {
    const message = refusal(edge, from)
    if (message !== undefined) {
      violations.push({ file: edge.from, line: edge.line, rule: 'layer', message })
    }
  }
  return violations
}

/** Why a file of layer `from` may not import, or undefined when it may. */
function refusal(edge: ImportEdge, from: string): string | undefined {
  if (!edge.to.startsWith(SOURCE)) return `the engine may not import ${edge.to}`
  if (isTestFile(edge.to)) return `code may not import the test ${edge.to}`
  const source = edge.from.slice(SOURCE.length)
  const target = edge.to.slice(SOURCE.length)
  const platform = PLATFORM_FOLDERS.find((folder) => isInside(target, folder))
  if (platform !== undefined && !isInside(source, platform) && !PLATFORM_CHOOSERS.includes(from)) {
    return `only ${PLATFORM_CHOOSERS.join(' and ')} may import ${platform}; take an Env instead`
  }
  for (const [one, other] of STRANGERS) {
    const strangers =
      (isInside(source, one) && isInside(target, other)) ||
      (isInside(source, other) && isInside(target, one))
    if (strangers) return `${one} and ${other} never import each other; they meet in runtime/rpc`
  }
  const to = layerOf(edge.to)
  if (to === undefined || to === from) return undefined
  const layer = LAYERS.find(({ name }) => name === from)!
  if (layer.mayImport.includes(to)) return undefined
  if (layer.exceptions?.some((path) => isInside(target, path))) return undefined
  return `${from} may not import ${to} (${target}); it may import ${layer.mayImport.join(', ') || 'nothing'}`
}

/** The layer of a file of the engine; files directly in `src` count as `cluster`. */
function layerOf(file: string): string | undefined {
  const path = file.slice(SOURCE.length)
  if (!path.includes('/')) return 'cluster'
  const folder = path.slice(0, path.indexOf('/'))
  return LAYERS.some((layer) => layer.name === folder) ? folder : undefined
}

function checkNodeBuiltins(module: SourceModule): readonly Violation[] {
  const path = module.file.slice(SOURCE.length)
  if ([...NODE_FOLDERS.keys()].some((folder) => isInside(path, folder))) return []
  const allowed = [...NODE_FOLDERS.keys()].join(', ')
  const violations: Violation[] = []
  for (const { specifier, line } of module.imports) {
    if (!specifier.startsWith('node:') && !builtinModules.includes(specifier)) continue
    const message = `${specifier} is for ${allowed} only; take what you need from an Env`
    violations.push({ file: module.file, line, rule: 'node-builtin', message })
  }
  for (const comment of module.comments) {
    if (!/^\/\s*<reference\s+types="node"/.test(comment.value)) continue
    const message = `the types of Node are for ${allowed} only`
    const line = module.lineAt(comment.start)
    violations.push({ file: module.file, line, rule: 'node-builtin', message })
  }
  return violations
}

function checkAmbient(module: SourceModule): readonly Violation[] {
  const path = module.file.slice(SOURCE.length)
  if ([...AMBIENT_FOLDERS.keys()].some((folder) => isInside(path, folder))) return []
  return findAmbientUses(module).map(({ name, line }) => ({
    file: module.file,
    line,
    rule: 'ambient',
    message: `${name} is ambient; take clock, timers, randomness and the like from an Env`,
  }))
}

function checkDangling(graph: ImportGraph): readonly Violation[] {
  return graph.dangling
    .filter(({ file }) => file.startsWith(SOURCE))
    .map(({ file, line, specifier }) => ({
      file,
      line,
      rule: 'import',
      message: `${specifier} names no file; relative imports end in .ts`,
    }))
}

function cycleViolation(cycle: readonly ImportEdge[]): Violation {
  const [first] = cycle
  const way = [first!.from, ...cycle.map((edge) => edge.to)].join(' -> ')
  return { file: first!.from, line: first!.line, rule: 'cycle', message: `imports itself: ${way}` }
}

/** Files of the engine that no export, command, test, example or other package leads to. */
function checkUnused(
  engine: readonly SourceModule[],
  modules: readonly SourceModule[],
  graph: ImportGraph,
  entryFiles: ReadonlySet<string>,
): readonly Violation[] {
  const outside = modules.map(({ file }) => file).filter((file) => !file.startsWith(SOURCE))
  const tests = engine.map(({ file }) => file).filter(isTestFile)
  const used = reachableFrom(graph, [...entryFiles, ...outside, ...tests])
  return engine
    .filter(({ file }) => !used.has(file))
    .map(({ file }) => ({ file, line: 1, rule: 'unused', message: 'nobody imports this file' }))
}

/** The browser entry must not lead to code for Node. */
function checkBrowser(graph: ImportGraph): readonly Violation[] {
  const entry = `${SOURCE}browser.ts`
  const forNode = (file: string): boolean =>
    [...NODE_FOLDERS.keys()].some((folder) => isInside(file.slice(SOURCE.length), folder))
  const path = findPath(graph, entry, forNode)
  if (path === undefined) return []
  const way = [entry, ...path.map((edge) => edge.to)].join(' -> ')
  const message = `the browser build reaches code for Node: ${way}`
  return [{ file: entry, line: path[0]!.line, rule: 'browser', message }]
}

function checkArchitecture(root: string): readonly Violation[] {
  const file = 'ARCHITECTURE.md'
  const path = join(root, file)
  const text = existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : ''
  const begin = text.indexOf(MATRIX_BEGIN)
  const end = text.indexOf(MATRIX_END)
  if (begin === -1 || end === -1) {
    const message = `has no ${MATRIX_BEGIN} and ${MATRIX_END} around the import matrix`
    return [{ file, line: 1, rule: 'architecture', message }]
  }
  const shown = text.slice(begin + MATRIX_BEGIN.length, end)
  if (withoutPadding(shown) === withoutPadding(matrixTable())) return []
  const line = text.slice(0, begin).split('\n').length
  const message = 'the import matrix is stale; paste `node scripts/check-layers.ts --matrix`'
  return [{ file, line, rule: 'architecture', message }]
}

/** A Markdown table without the spaces and dashes by which formatters align its columns. */
function withoutPadding(table: string): string {
  return table
    .trim()
    .replace(/ *\| */g, '|')
    .replace(/-+/g, '-')
}

if (import.meta.main) {
  const args = process.argv.slice(2)
  const root = args.find((arg) => !arg.startsWith('--')) ?? dirname(import.meta.dirname)
  if (args.includes('--matrix')) console.log(matrixTable())
  else reportViolations('layers', checkLayers(resolve(root)))
}
