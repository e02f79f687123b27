import type { FileHandle, FileStatus, FileSystem } from '../../src/env/file-system.ts'

/** Called with the number of each file call, from 1; carries the call out, or does not. */
export type Step = <T>(number: number, call: () => Promise<T>) => Promise<T>

/** A file system whose calls a test counts, and stops or fails one by one. */
export class SteppedFileSystem implements FileSystem {
  readonly #inner: FileSystem
  readonly #step: Step
  callCount = 0
  openFileCount = 0

  constructor(inner: FileSystem, step: Step) {
    this.#inner = inner
    this.#step = step
  }

  openRead(path: string): Promise<FileHandle> {
    return this.#open(() => this.#inner.openRead(path))
  }

  create(path: string): Promise<FileHandle> {
    return this.#open(() => this.#inner.create(path))
  }

  openAppend(path: string): Promise<FileHandle> {
    return this.#open(() => this.#inner.openAppend(path))
  }

  stat(path: string): Promise<FileStatus | undefined> {
    return this.call(() => this.#inner.stat(path))
  }

  list(path: string): Promise<readonly FileStatus[]> {
    return this.call(() => this.#inner.list(path))
  }

  makeDirectory(path: string): Promise<void> {
    return this.call(() => this.#inner.makeDirectory(path))
  }

  rename(from: string, to: string): Promise<void> {
    return this.call(() => this.#inner.rename(from, to))
  }

  remove(path: string): Promise<void> {
    return this.call(() => this.#inner.remove(path))
  }

  syncDirectory(path: string): Promise<void> {
    return this.call(() => this.#inner.syncDirectory(path))
  }

  call<T>(run: () => Promise<T>): Promise<T> {
    return this.#step(++this.callCount, run)
  }

  async #open(run: () => Promise<FileHandle>): Promise<FileHandle> {
    const file = await this.call(run)
    this.openFileCount++
    return {
      path: file.path,
      read: (position, length) => this.call(() => file.read(position, length)),
      append: (bytes) => this.call(() => file.append(bytes)),
      truncate: (size) => this.call(() => file.truncate(size)),
      sync: () => this.call(() => file.sync()),
      close: () => {
        this.openFileCount--
        return file.close()
      },
    }
  }
}
