import type { FileStatus } from './file-system.ts'
import { fileSystemError } from './file-system-error.ts'

/** A file of a {@link FileTree}. It lives on without a name as long as somebody holds it. */
export class TreeFile {
  /** The bytes, followed by room to grow. */
  bytes: Uint8Array = new Uint8Array(0)
  sizeBytes = 0
  modifiedMs: number

  constructor(modifiedMs: number) {
    this.modifiedMs = modifiedMs
  }

  /** Puts `bytes` at a position; a gap before it reads as zeros. */
  write(positionBytes: number, bytes: Uint8Array): void {
    const endBytes = positionBytes + bytes.length
    if (endBytes > this.bytes.length) {
      const grown = new Uint8Array(Math.max(endBytes, 2 * this.bytes.length))
      grown.set(this.bytes.subarray(0, this.sizeBytes))
      this.bytes = grown
    }
    this.bytes.set(bytes, positionBytes)
    this.sizeBytes = Math.max(this.sizeBytes, endBytes)
  }

  /** Cuts the file, or lengthens it with zeros. */
  resize(sizeBytes: number): void {
    if (sizeBytes < this.sizeBytes) this.bytes.fill(0, sizeBytes, this.sizeBytes)
    else this.write(sizeBytes, new Uint8Array(0))
    this.sizeBytes = sizeBytes
  }

  /** A copy of the bytes from a position on, at most `lengthBytes`. */
  read(positionBytes: number, lengthBytes: number): Uint8Array {
    return this.bytes.slice(positionBytes, Math.min(positionBytes + lengthBytes, this.sizeBytes))
  }
}

/** A folder of a {@link FileTree}. */
export class TreeDirectory {
  entries: Map<string, TreeNode> = new Map()
  modifiedMs: number

  constructor(modifiedMs: number) {
    this.modifiedMs = modifiedMs
  }
}

/** What a name may stand for. */
export type TreeNode = TreeFile | TreeDirectory

/** One place for a name in a {@link FileTree}. */
export interface TreePlace {
  readonly directory: TreeDirectory
  readonly name: string
}

/** Is told of every change of a name, after it was made. */
export interface TreeObserver {
  linked(place: TreePlace, node: TreeNode): void
  unlinked(place: TreePlace): void
  renamed(from: TreePlace, to: TreePlace, node: TreeNode): void
}

/**
 * Files and folders in memory, with the rules and errors of a real file system. The in-memory file
 * system of the browser and the simulated one are built on it; all calls are synchronous.
 */
export class FileTree {
  readonly root: TreeDirectory
  readonly #nowMs: () => number
  readonly #observer: TreeObserver | undefined

  constructor(nowMs: () => number, observer?: TreeObserver) {
    this.#nowMs = nowMs
    this.#observer = observer
    this.root = new TreeDirectory(nowMs())
  }

  /** @throws FILE_NOT_FOUND, or FILE_SYSTEM if it is a folder. */
  openFile(doing: string, path: string): TreeFile {
    const node = this.find(path)
    if (node === undefined) throw fileSystemError(doing, path, 'ENOENT')
    if (node instanceof TreeDirectory) throw fileSystemError(doing, path, 'EISDIR')
    return node
  }

  /** The file at `path`, made if there is none; its bytes stay. */
  createFile(path: string): TreeFile {
    const place = this.#placeOf('create', path)
    const existing = place.directory.entries.get(place.name)
    if (existing instanceof TreeDirectory) throw fileSystemError('create', path, 'EISDIR')
    if (existing !== undefined) return existing
    const file = new TreeFile(this.#nowMs())
    this.#link(place, file)
    return file
  }

  stat(path: string): FileStatus | undefined {
    const node = this.find(path)
    return node === undefined ? undefined : statusOf(path, partsOf(path).at(-1) ?? '', node)
  }

  list(path: string): readonly FileStatus[] {
    const { entries } = this.openDirectory('list', path)
    const folder = path.endsWith('/') ? path : `${path}/`
    const names = [...entries.keys()].sort()
    return names.map((name) => statusOf(folder + name, name, entries.get(name) as TreeNode))
  }

  makeDirectory(path: string): void {
    let directory = this.root
    for (const name of partsOf(path)) {
      let child = directory.entries.get(name)
      if (child === undefined) {
        child = new TreeDirectory(this.#nowMs())
        this.#link({ directory, name }, child)
      }
      if (child instanceof TreeFile) throw fileSystemError('make folder', path, 'EEXIST')
      directory = child
    }
  }

  rename(fromPath: string, toPath: string): void {
    const doing = `rename to ${toPath} from`
    const from = this.#placeOf(doing, fromPath)
    const node = from.directory.entries.get(from.name)
    if (node === undefined) throw fileSystemError(doing, fromPath, 'ENOENT')
    const to = this.#placeOf(doing, toPath)
    const target = to.directory.entries.get(to.name)
    if (target === node) return
    if (node instanceof TreeDirectory && `${normal(toPath)}/`.startsWith(`${normal(fromPath)}/`)) {
      throw fileSystemError(doing, fromPath, 'EINVAL')
    }
    if (target instanceof TreeDirectory) {
      if (node instanceof TreeFile) throw fileSystemError(doing, fromPath, 'EISDIR')
      if (target.entries.size > 0) throw fileSystemError(doing, fromPath, 'ENOTEMPTY')
    } else if (target !== undefined && node instanceof TreeDirectory) {
      throw fileSystemError(doing, fromPath, 'ENOTDIR')
    }
    from.directory.entries.delete(from.name)
    to.directory.entries.set(to.name, node)
    from.directory.modifiedMs = to.directory.modifiedMs = this.#nowMs()
    this.#observer?.renamed(from, to, node)
  }

  remove(path: string): void {
    if (partsOf(path).length === 0) throw fileSystemError('remove', path, 'EPERM')
    const directory = this.find(`${path}/..`)
    const name = partsOf(path).at(-1) as string
    if (!(directory instanceof TreeDirectory) || !directory.entries.has(name)) return
    this.#unlink({ directory, name })
  }

  /** @throws FILE_NOT_FOUND if there is no folder at `path`. */
  openDirectory(doing: string, path: string): TreeDirectory {
    const node = this.find(path)
    if (node === undefined) throw fileSystemError(doing, path, 'ENOENT')
    if (node instanceof TreeFile) throw fileSystemError(doing, path, 'ENOTDIR')
    return node
  }

  /** What is at `path`, or undefined. */
  find(path: string): TreeNode | undefined {
    let node: TreeNode | undefined = this.root
    for (const name of partsOf(path)) {
      if (!(node instanceof TreeDirectory)) return undefined
      node = node.entries.get(name)
    }
    return node
  }

  #placeOf(doing: string, path: string): TreePlace {
    const parts = partsOf(path)
    const name = parts.pop()
    if (name === undefined) throw fileSystemError(doing, path, 'EISDIR')
    let directory = this.root
    for (const part of parts) {
      const child = directory.entries.get(part)
      if (child === undefined) throw fileSystemError(doing, path, 'ENOENT')
      if (child instanceof TreeFile) throw fileSystemError(doing, path, 'ENOTDIR')
      directory = child
    }
    return { directory, name }
  }

  #link(place: TreePlace, node: TreeNode): void {
    place.directory.entries.set(place.name, node)
    place.directory.modifiedMs = this.#nowMs()
    this.#observer?.linked(place, node)
  }

  #unlink(place: TreePlace): void {
    const node = place.directory.entries.get(place.name)
    if (node instanceof TreeDirectory) {
      for (const name of [...node.entries.keys()]) this.#unlink({ directory: node, name })
    }
    place.directory.entries.delete(place.name)
    place.directory.modifiedMs = this.#nowMs()
    this.#observer?.unlinked(place)
  }
}

/** The path with one way of writing it: no `.`, `..`, double or trailing slash. */
export function normal(path: string): string {
  return `/${partsOf(path).join('/')}`
}

function partsOf(path: string): string[] {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts
}

function statusOf(path: string, name: string, node: TreeNode): FileStatus {
  const { modifiedMs } = node
  if (node instanceof TreeDirectory) {
    return { path, name, kind: 'directory', sizeBytes: 0, modifiedMs }
  }
  return { path, name, kind: 'file', sizeBytes: node.sizeBytes, modifiedMs }
}
