import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildImportGraph, reachableFrom } from './import-graph.ts'
import { packageEntries } from './package-entries.ts'
import { readSourceModule } from './source-module.ts'
import { isTestFile, listFiles } from './source-tree.ts'

/** What a subpath of the workspace resolves to: a file in `./src`, or one for each condition. */
export type SourceExport = string | { readonly [condition: string]: SourceExport }

/** What a subpath of the published package resolves to. */
export type PublishedExport = { readonly [condition: string]: string | PublishedExport }

/** The exports of the published package: those of the workspace, with `src` built into `dist`. */
export function publishedExports(
  exports: Readonly<Record<string, SourceExport>>,
): Readonly<Record<string, PublishedExport>> {
  return Object.fromEntries(
    Object.entries(exports).map(([subpath, source]) => [subpath, publishedExport(source)]),
  )
}

function publishedExport(source: SourceExport): PublishedExport {
  if (typeof source === 'string') {
    const path = source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '')
    return { types: `${path}.d.ts`, default: `${path}.js` }
  }
  return Object.fromEntries(
    Object.entries(source).map(([condition, inner]) => [condition, publishedExport(inner)]),
  )
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
  const sources = new Set([...entries.values()].flat())
  for (const file of reachableFrom(graph, sources)) {
    for (const edge of graph.edges.get(file) ?? []) if (edge.kind === 'url') sources.add(edge.to)
  }
  return [...sources].map((file) => file.replace(/^engine\//, '')).sort()
}

/** The package.json of the engine, as far as publishing goes. */
export interface EngineManifest {
  readonly name: string
  readonly exports: Readonly<Record<string, SourceExport>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly publishConfig?: { readonly exports?: unknown }
}

/** Reads the engine's package.json. */
export function readEngineManifest(root: string): EngineManifest {
  return JSON.parse(readFileSync(join(root, 'engine', 'package.json'), 'utf8')) as EngineManifest
}
