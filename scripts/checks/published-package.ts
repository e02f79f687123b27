import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildImportGraph, reachableFrom } from './import-graph.ts'
import { packageEntries } from './package-entries.ts'
import { readSourceModule } from './source-module.ts'
import { isTestFile, listFiles } from './source-tree.ts'

/** What a subpath resolves to in the published package. */
export interface PublishedExport {
  readonly types: string
  readonly default: string
}

/**
 * The exports of the published package: those of the workspace with `src/*.ts` built into `dist/`.
 *
 * @param exports the `exports` of the package.json, each subpath a file in `./src`
 */
export function publishedExports(
  exports: Readonly<Record<string, string>>,
): Readonly<Record<string, PublishedExport>> {
  const published: Record<string, PublishedExport> = {}
  for (const [subpath, source] of Object.entries(exports)) {
    const path = source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '')
    published[subpath] = { types: `${path}.d.ts`, default: `${path}.js` }
  }
  return published
}

/**
 * The files from which the published package is built: those that the engine exports, its
 * commands, and the programs that it loads by URL, such as the entry of a worker.
 *
 * @param root the repository
 * @returns paths relative to `engine/`
 */
export function publishedSources(root: string): readonly string[] {
  const entries = packageEntries(root, 'engine')
  const files = listFiles(root, 'engine/src', (file) => file.endsWith('.ts') && !isTestFile(file))
  const modules = files.map((file) => readSourceModule(root, file))
  const graph = buildImportGraph(root, modules, entries)
  const sources = new Set(entries.values())
  for (const file of reachableFrom(graph, sources)) {
    for (const edge of graph.edges.get(file) ?? []) if (edge.kind === 'url') sources.add(edge.to)
  }
  return [...sources].map((file) => file.replace(/^engine\//, '')).sort()
}

/** The package.json of the engine, as far as publishing goes. */
export interface EngineManifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly publishConfig?: { readonly exports?: unknown }
}

/** Reads the engine's package.json. */
export function readEngineManifest(root: string): EngineManifest {
  return JSON.parse(readFileSync(join(root, 'engine', 'package.json'), 'utf8')) as EngineManifest
}
