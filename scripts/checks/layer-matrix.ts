/** A folder of `engine/src` with the folders that its files may import, itself aside. */
export interface Layer {
  readonly name: string
  readonly mayImport: readonly string[]
  /** Paths below `engine/src` that may be imported although their layer may not. */
  readonly exceptions?: readonly string[]
}

const BELOW_API = ['base', 'env', 'core', 'types', 'state', 'operator', 'plan']
const BELOW_CLUSTER = [...BELOW_API, 'api', 'library', 'runtime', 'connector']

/** The layers of the engine, from the bottom to the top. */
export const LAYERS: readonly Layer[] = [
  { name: 'base', mayImport: [] },
  { name: 'env', mayImport: ['base'] },
  { name: 'core', mayImport: ['base'] },
  { name: 'types', mayImport: ['base', 'core'] },
  { name: 'state', mayImport: ['base', 'env', 'core', 'types'] },
  { name: 'operator', mayImport: ['base', 'env', 'core', 'types', 'state'] },
  { name: 'plan', mayImport: ['base', 'core', 'types', 'state', 'operator'] },
  { name: 'api', mayImport: BELOW_API },
  { name: 'library', mayImport: [...BELOW_API, 'api'] },
  { name: 'runtime', mayImport: BELOW_API },
  { name: 'connector', mayImport: BELOW_API, exceptions: ['api/table/spi'] },
  { name: 'cluster', mayImport: BELOW_CLUSTER },
  { name: 'testing', mayImport: [...BELOW_CLUSTER, 'cluster'] },
]

/** Folders that never import each other although they are in one layer. */
export const STRANGERS: readonly (readonly [string, string])[] = [
  ['runtime/taskmanager', 'runtime/jobmanager'],
]

/** Folders that implement `env/` for one platform, with the layers that may choose one. */
export const PLATFORM_FOLDERS: readonly string[] = ['env/node', 'env/web']
export const PLATFORM_CHOOSERS: readonly string[] = ['cluster', 'testing']

/** Folders, or files, below `engine/src` that may touch `node:*`, with the reason. */
export const NODE_FOLDERS: ReadonlyMap<string, string> = new Map([
  ['env/node', 'implements env/ on Node'],
])

/** Folders below `engine/src` that may use the clock, timers and randomness of the platform. */
export const AMBIENT_FOLDERS: ReadonlyMap<string, string> = new Map([
  ['env/node', 'implements env/ on Node'],
  ['env/web', 'implements env/ in a browser'],
])

/** Whether a path below `engine/src` is, or lies in, a folder. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path === `${folder}.ts` || path.startsWith(`${folder}/`)
}

/** The import matrix as a Markdown table: a row for each layer, a column for what it imports. */
export function matrixTable(): string {
  const names = LAYERS.map((layer) => layer.name)
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const lines = [row(['may import', ...names]), row(['---', ...names.map(() => ':-:')])]
  for (const layer of LAYERS) {
    const cells = names.map((name) => cellOf(layer, name))
    lines.push(row([`**${layer.name}**`, ...cells]))
  }
  return lines.join('\n')
}

function cellOf(layer: Layer, imported: string): string {
  if (imported === layer.name) return '·'
  if (layer.mayImport.includes(imported)) return '✓'
  const exception = layer.exceptions?.find((path) => path.startsWith(`${imported}/`))
  return exception === undefined ? '' : `\`${exception}\``
}
