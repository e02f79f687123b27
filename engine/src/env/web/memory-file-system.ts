import type { FileHandle, FileStatus, FileSystem } from '../file-system.ts'
import { fileSystemError } from '../file-system-error.ts'
import { FileTree, type TreeFile } from '../file-tree.ts'

/**
 * Files in memory, for browsers: nothing is durable, a sync succeeds and means nothing. A
 * checkpoint written here protects against the failure of a task, not against the end of the tab.
 */
export class MemoryFileSystem implements FileSystem {
  readonly #tree: FileTree
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.#tree = new FileTree(nowMs)
  }

  async openRead(path: string): Promise<FileHandle> {
    return new MemoryFile(path, this.#tree.openFile('open', path), undefined)
  }

  async create(path: string): Promise<FileHandle> {
    const file = this.#tree.createFile(path)
    file.resize(0)
    return new MemoryFile(path, file, this.#nowMs)
  }

  async openAppend(path: string): Promise<FileHandle> {
    return new MemoryFile(path, this.#tree.openFile('open for appending', path), this.#nowMs)
  }

  async stat(path: string): Promise<FileStatus | undefined> {
    return this.#tree.stat(path)
  }

  async list(path: string): Promise<readonly FileStatus[]> {
    return this.#tree.list(path)
  }

  async makeDirectory(path: string): Promise<void> {
    this.#tree.makeDirectory(path)
  }

  async rename(from: string, to: string): Promise<void> {
    this.#tree.rename(from, to)
  }

  async remove(path: string): Promise<void> {
    this.#tree.remove(path)
  }

  async syncDirectory(path: string): Promise<void> {
    this.#tree.openDirectory('sync folder', path)
  }
}

class MemoryFile implements FileHandle {
  readonly path: string
  #file: TreeFile | undefined
  /** Undefined for a file that was opened for reading only. */
  readonly #nowMs: (() => number) | undefined

  constructor(path: string, file: TreeFile, nowMs: (() => number) | undefined) {
    this.path = path
    this.#file = file
    this.#nowMs = nowMs
  }

  async read(positionBytes: number, lengthBytes: number): Promise<Uint8Array> {
    return this.#open('read').read(positionBytes, lengthBytes)
  }

  async append(bytes: Uint8Array): Promise<void> {
    const file = this.#change('append to')
    file.write(file.sizeBytes, bytes)
  }

  async truncate(sizeBytes: number): Promise<void> {
    this.#change('truncate').resize(sizeBytes)
  }

  async sync(): Promise<void> {
    this.#open('sync')
  }

  async close(): Promise<void> {
    this.#file = undefined
  }

  #open(doing: string): TreeFile {
    if (this.#file === undefined) throw fileSystemError(doing, this.path, 'EBADF')
    return this.#file
  }

  #change(doing: string): TreeFile {
    const file = this.#open(doing)
    if (this.#nowMs === undefined) throw fileSystemError(doing, this.path, 'EBADF')
    file.modifiedMs = this.#nowMs()
    return file
  }
}
