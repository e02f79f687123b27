/// <reference types="node" />
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

const ENGINE = new URL('../../', import.meta.url)

/** The engine as one module for browsers. */
export interface EngineBundle {
  readonly code: string
  /** What the module imports from outside; must be empty. */
  readonly imports: readonly string[]
  /** Size in KiB, minified. */
  readonly kib: number
  readonly gzipKib: number
  readonly modules: number
}

/** Bundles what `@millrace/engine` means under the export condition `browser`. */
export async function engineBundle(): Promise<EngineBundle> {
  const manifest = JSON.parse(await readFile(new URL('package.json', ENGINE), 'utf8'))
  const chunk = await bundle(manifest.exports['.'].browser, [])
  return {
    code: chunk.code,
    imports: [...chunk.imports, ...chunk.dynamicImports],
    kib: Math.ceil(chunk.code.length / 1024),
    gzipKib: Math.ceil(gzipSync(chunk.code).length / 1024),
    modules: Object.keys(chunk.modules).length,
  }
}

/** Bundles the page's programs; the engine stays an import. */
export async function programsBundle(): Promise<string> {
  return (await bundle('test/browser/programs.ts', ['@millrace/engine'])).code
}

async function bundle(entry: string, external: string[]): Promise<Rolldown.OutputChunk> {
  const outputs = await build({
    configFile: false,
    root: fileURLToPath(ENGINE),
    logLevel: 'error',
    build: {
      write: false,
      minify: 'oxc',
      lib: { entry, formats: ['es'], fileName: 'bundle' },
      rolldownOptions: { external, output: { minify: true } },
    },
  })
  const chunks = [outputs].flat().flatMap((one) => ('output' in one ? one.output : []))
  const [chunk, ...others] = chunks
  if (chunk?.type !== 'chunk' || others.length > 0) {
    throw new Error(`${entry} became ${chunks.length} files; it must be one module`)
  }
  return chunk
}
