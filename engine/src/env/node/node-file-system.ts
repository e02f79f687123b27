/// <reference types="node" />
import { constants } from 'node:fs'
import * as fs from 'node:fs/promises'
import type { EngineError } from '../../base/engine-error.ts'
import { SerialQueue } from '../../base/serial-queue.ts'
import type { FileHandle, FileStatus, FileSystem } from '../file-system.ts'
import { fileSystemError } from '../file-system-error.ts'

const { O_APPEND, O_CREAT, O_RDWR, O_TRUNC } = constants

/**
 * Somebody may still be writing into a folder on its way out, such as a task of a checkpoint that
 * was given up: then it is not empty after all, and is emptied again.
 */
const REMOVAL = { recursive: true, force: true, maxRetries: 8, retryDelay: 10 } as const

/** Files of the machine, through `node:fs`. */
export class NodeFileSystem implements FileSystem {
  openRead(path: string): Promise<FileHandle> {
    return open(path, 'open', constants.O_RDONLY)
  }

  create(path: string): Promise<FileHandle> {
    return open(path, 'create', O_RDWR | O_CREAT | O_TRUNC | O_APPEND)
  }

  openAppend(path: string): Promise<FileHandle> {
    return open(path, 'open for appending', O_RDWR | O_APPEND)
  }

  async stat(path: string): Promise<FileStatus | undefined> {
    try {
      return statusOf(path, nameOf(path), await fs.stat(path))
    } catch (error) {
      if (isMissing(error)) return undefined
      throw refused('look at', path, error)
    }
  }

  async list(path: string): Promise<readonly FileStatus[]> {
    const names = await fs.readdir(path).catch((error) => {
      throw refused('list', path, error)
    })
    names.sort()
    const folder = path.endsWith('/') ? path : `${path}/`
    const found = await Promise.all(names.map((name) => this.stat(folder + name)))
    // A file that was removed since is not there any more.
    return found.filter((status) => status !== undefined)
  }

  async makeDirectory(path: string): Promise<void> {
    await fs.mkdir(path, { recursive: true }).catch((error) => {
      throw refused('make folder', path, error)
    })
  }

  async rename(from: string, to: string): Promise<void> {
    await fs.rename(from, to).catch((error) => {
      throw refused(`rename to ${to} from`, from, error)
    })
  }

  async remove(path: string): Promise<void> {
    await fs.rm(path, REMOVAL).catch((error) => {
      if (!isMissing(error)) throw refused('remove', path, error)
    })
  }

  async syncDirectory(path: string): Promise<void> {
    let handle: fs.FileHandle | undefined
    try {
      handle = await fs.open(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0))
      await handle.sync()
    } catch (error) {
      // Windows cannot open folders; its names are durable without a sync.
      if (process.platform !== 'win32' || isMissing(error)) {
        throw refused('sync folder', path, error)
      }
    } finally {
      await handle?.close()
    }
  }
}

async function open(path: string, doing: string, flags: number): Promise<FileHandle> {
  const handle = await fs.open(path, flags).catch((error) => {
    throw refused(doing, path, error)
  })
  return new NodeFile(path, handle)
}

class NodeFile implements FileHandle {
  readonly path: string
  readonly #handle: fs.FileHandle
  // Node runs file calls on a pool of threads: without this two appends could change places.
  readonly #calls = new SerialQueue()

  constructor(path: string, handle: fs.FileHandle) {
    this.path = path
    this.#handle = handle
  }

  async read(positionBytes: number, lengthBytes: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(lengthBytes)
    let length = 0
    try {
      while (length < lengthBytes) {
        const want = lengthBytes - length
        const at = positionBytes + length
        const { bytesRead } = await this.#handle.read(bytes, length, want, at)
        if (bytesRead === 0) break
        length += bytesRead
      }
    } catch (error) {
      throw refused('read', this.path, error)
    }
    return length === lengthBytes ? bytes : bytes.slice(0, length)
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.#change('append to', async () => {
      let written = 0
      while (written < bytes.length) {
        const { bytesWritten } = await this.#handle.write(bytes, written)
        written += bytesWritten
      }
    })
  }

  truncate(sizeBytes: number): Promise<void> {
    return this.#change('truncate', () => this.#handle.truncate(sizeBytes))
  }

  sync(): Promise<void> {
    // Without the times of the file, but with its length: all that is needed to read it back.
    return this.#change('sync', () => this.#handle.datasync())
  }

  close(): Promise<void> {
    return this.#change('close', () => this.#handle.close())
  }

  #change(doing: string, call: () => Promise<void>): Promise<void> {
    return this.#calls.run(async () => {
      try {
        await call()
      } catch (error) {
        throw refused(doing, this.path, error)
      }
    })
  }
}

function statusOf(
  path: string,
  name: string,
  stats: Awaited<ReturnType<typeof fs.stat>>,
): FileStatus {
  const isDirectory = stats.isDirectory()
  return {
    path,
    name,
    kind: isDirectory ? 'directory' : 'file',
    sizeBytes: isDirectory ? 0 : Number(stats.size),
    modifiedMs: Number(stats.mtimeMs),
  }
}

function nameOf(path: string): string {
  const end = path.endsWith('/') ? path.length - 1 : path.length
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end)
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'EUNKNOWN'
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function refused(doing: string, path: string, error: unknown): EngineError {
  return fileSystemError(doing, path, codeOf(error), error)
}
