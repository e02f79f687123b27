import type { FileHandle, FileStatus, FileSystem } from '../../src/env/file-system.ts'
import { fileSystemError } from '../../src/env/file-system-error.ts'

/** The bytes of a file as the page cache shows them and as they were last synced. */
class StoredFile {
  bytes: Uint8Array = new Uint8Array(0)
  synced: Uint8Array = new Uint8Array(0)
  modifiedMs = 0
}

/**
 * A file system in memory that can lose power: `crashAt` makes a call and all after it hang, and
 * `afterCrash` shows what would be on disk then. What was not synced is gone, names included.
 */
export class MemoryFileSystem implements FileSystem {
  readonly #files = new Map<string, StoredFile>()
  readonly #folders = new Set<string>(['', '.'])
  #durableFiles = new Map<string, StoredFile>()
  readonly #durableFolders = new Set<string>(['', '.'])
  /** How many calls were made. */
  callCount = 0
  /** The number of the call (from 1) at which the machine loses power. */
  crashAt: number = Number.POSITIVE_INFINITY
  /** Whether the call at which power is lost still takes effect. */
  crashesAfterEffect = false
  capacityBytes: number = Number.POSITIVE_INFINITY
  openCount = 0
  #clockMs = 1_000

  get hasCrashed(): boolean {
    return this.callCount >= this.crashAt
  }

  /** What is on disk after the loss of power. */
  afterCrash(): MemoryFileSystem {
    const survivor = new MemoryFileSystem()
    for (const [path, file] of this.#durableFiles) {
      if (this.#isReachable(folderOf(path))) survivor.put(path, file.synced)
    }
    for (const folder of this.#durableFolders) {
      if (this.#isReachable(folder)) survivor.#addFolder(folder)
    }
    return survivor
  }

  /** Puts a durable file there, with its folders. */
  put(path: string, content: string | Uint8Array): void {
    const file = new StoredFile()
    file.bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    file.synced = file.bytes
    file.modifiedMs = this.#clockMs++
    this.#files.set(path, file)
    this.#durableFiles.set(path, file)
    this.#addFolder(folderOf(path))
  }

  /** The paths of all files, sorted. */
  paths(): readonly string[] {
    return [...this.#files.keys()].sort()
  }

  bytes(path: string): Uint8Array {
    return this.#files.get(path)?.bytes ?? new Uint8Array(0)
  }

  text(path: string): string {
    return new TextDecoder().decode(this.#files.get(path)?.bytes)
  }

  async openRead(path: string): Promise<FileHandle> {
    return this.#call(() => this.#open(path, 'open'))
  }

  async create(path: string): Promise<FileHandle> {
    return this.#call(() => {
      if (!this.#folders.has(folderOf(path))) throw fileSystemError('create', path, 'ENOENT')
      const file = this.#files.get(path) ?? new StoredFile()
      file.bytes = new Uint8Array(0)
      file.modifiedMs = this.#clockMs++
      this.#files.set(path, file)
      return this.#open(path, 'create')
    })
  }

  async openAppend(path: string): Promise<FileHandle> {
    return this.#call(() => this.#open(path, 'open for appending'))
  }

  async stat(path: string): Promise<FileStatus | undefined> {
    return this.#call(() => this.#statusOf(path))
  }

  async list(path: string): Promise<readonly FileStatus[]> {
    return this.#call(() => {
      if (!this.#folders.has(path)) throw fileSystemError('list', path, 'ENOENT')
      const children = [...this.#files.keys(), ...this.#folders].filter(
        (name) => name !== path && folderOf(name) === path,
      )
      return children.sort().map((name) => this.#statusOf(name) as FileStatus)
    })
  }

  async makeDirectory(path: string): Promise<void> {
    return this.#call(() => {
      for (let folder = path; folder !== ''; folder = folderOf(folder)) this.#folders.add(folder)
    })
  }

  async rename(from: string, to: string): Promise<void> {
    return this.#call(() => {
      const file = this.#files.get(from)
      if (file === undefined) throw fileSystemError(`rename to ${to} from`, from, 'ENOENT')
      this.#files.delete(from)
      this.#files.set(to, file)
    })
  }

  async remove(path: string): Promise<void> {
    return this.#call(() => {
      this.#files.delete(path)
    })
  }

  async syncDirectory(path: string): Promise<void> {
    return this.#call(() => {
      const durable = new Map([...this.#durableFiles].filter(([name]) => folderOf(name) !== path))
      for (const [name, file] of this.#files) if (folderOf(name) === path) durable.set(name, file)
      this.#durableFiles = durable
      for (const folder of this.#folders) {
        if (folderOf(folder) === (path === '/' ? '' : path)) this.#durableFolders.add(folder)
      }
    })
  }

  async call<R>(effect: () => R): Promise<R> {
    return this.#call(effect)
  }

  append(path: string, file: StoredFile, bytes: Uint8Array): void {
    const used = [...this.#files.values()].reduce((sum, each) => sum + each.bytes.length, 0)
    const free = Math.max(0, this.capacityBytes - used)
    const taken = bytes.subarray(0, free)
    const joined = new Uint8Array(file.bytes.length + taken.length)
    joined.set(file.bytes)
    joined.set(taken, file.bytes.length)
    file.bytes = joined
    file.modifiedMs = this.#clockMs++
    if (taken.length < bytes.length) throw fileSystemError('append to', path, 'ENOSPC')
  }

  /** Carries a call out in a later microtask, unless power is lost before. */
  async #call<R>(effect: () => R): Promise<R> {
    await Promise.resolve()
    const number = ++this.callCount
    if (number > this.crashAt) return new Promise<R>(() => {})
    if (number === this.crashAt) {
      if (this.crashesAfterEffect) effect()
      return new Promise<R>(() => {})
    }
    return effect()
  }

  #open(path: string, doing: string): FileHandle {
    const file = this.#files.get(path)
    if (file === undefined) throw fileSystemError(doing, path, 'ENOENT')
    this.openCount++
    return {
      path,
      read: (position, length) => this.#call(() => file.bytes.slice(position, position + length)),
      append: (bytes) => this.#call(() => this.append(path, file, bytes)),
      truncate: (size) =>
        this.#call(() => {
          file.bytes = file.bytes.slice(0, size)
        }),
      sync: () =>
        this.#call(() => {
          file.synced = file.bytes
        }),
      close: () =>
        this.#call(() => {
          this.openCount--
        }),
    }
  }

  #statusOf(path: string): FileStatus | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const file = this.#files.get(path)
    if (file !== undefined) {
      const { bytes, modifiedMs } = file
      return { path, name, kind: 'file', sizeBytes: bytes.length, modifiedMs }
    }
    if (!this.#folders.has(path)) return undefined
    return { path, name, kind: 'directory', sizeBytes: 0, modifiedMs: 0 }
  }

  /** A folder whose own name was not durable is gone with all in it. */
  #isReachable(folder: string): boolean {
    if (folder === '') return true
    return this.#durableFolders.has(folder) && this.#isReachable(folderOf(folder))
  }

  #addFolder(path: string): void {
    for (let folder = path; folder !== ''; folder = folderOf(folder)) {
      this.#folders.add(folder)
      this.#durableFolders.add(folder)
    }
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

declare const TextEncoder: new () => { encode(text: string): Uint8Array }
declare const TextDecoder: new () => { decode(bytes: Uint8Array | undefined): string }
