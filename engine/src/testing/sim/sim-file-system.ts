import { EngineError } from '../../base/engine-error.ts'
import { SerialQueue } from '../../base/serial-queue.ts'
import type { FileHandle, FileStatus, FileSystem } from '../../env/file-system.ts'
import { fileSystemError } from '../../env/file-system-error.ts'
import { normal, type TreeFile } from '../../env/file-tree.ts'
import { drawFrom, type FileSystemPlan, type Range } from './fault-plan.ts'
import type { SimCore } from './sim-core.ts'
import type { EventOwner } from './sim-event.ts'
import type { SimMachine } from './sim-machine.ts'

/** The process that makes file calls, as the file system sees it. */
export interface FileSystemCaller extends EventOwner {
  /** Carries out calls the process has made, also while it is paused; dies with it. */
  readonly kernel: EventOwner
}

/**
 * The files of a simulated machine as one process sees them. Every call takes random virtual time,
 * takes effect at some moment in it, and may fail as the fault plan says. What a loss of power
 * leaves is the business of `SimDisk`.
 */
export class SimFileSystem implements FileSystem {
  readonly #core: SimCore
  readonly #machine: SimMachine
  readonly #caller: FileSystemCaller
  readonly plan: Required<FileSystemPlan>
  readonly #deniedPaths: readonly string[]
  #openFileCount = 0

  constructor(core: SimCore, machine: SimMachine, caller: FileSystemCaller) {
    this.#core = core
    this.#machine = machine
    this.#caller = caller
    this.plan = core.plan.fileSystem
    this.#deniedPaths = this.plan.deniedPaths.map(normal)
  }

  /** Files that were opened and not closed. */
  get openFileCount(): number {
    return this.#openFileCount
  }

  openRead(path: string): Promise<FileHandle> {
    return this.#open('open', path, false, () => this.#machine.disk.tree.openFile('open', path))
  }

  create(path: string): Promise<FileHandle> {
    return this.#open('create', path, true, () => {
      const file = this.#machine.disk.tree.createFile(path)
      if (file.sizeBytes > 0) this.#machine.disk.truncate(file, 0, this.#machine.nowMs())
      return file
    })
  }

  openAppend(path: string): Promise<FileHandle> {
    const doing = 'open for appending'
    return this.#open(doing, path, true, () => this.#machine.disk.tree.openFile(doing, path))
  }

  stat(path: string): Promise<FileStatus | undefined> {
    return this.call('look at', path, () => this.#machine.disk.tree.stat(path))
  }

  list(path: string): Promise<readonly FileStatus[]> {
    return this.call('list', path, () => this.#machine.disk.tree.list(path))
  }

  makeDirectory(path: string): Promise<void> {
    return this.call('make folder', path, () => this.#machine.disk.tree.makeDirectory(path))
  }

  rename(from: string, to: string): Promise<void> {
    return this.call(`rename to ${to} from`, from, () => {
      this.#refuseDenied('rename to', to)
      this.#machine.disk.tree.rename(from, to)
    })
  }

  remove(path: string): Promise<void> {
    return this.call('remove', path, () => this.#machine.disk.tree.remove(path))
  }

  syncDirectory(path: string): Promise<void> {
    const { disk } = this.#machine
    return this.call(
      'sync folder',
      path,
      () => disk.syncDirectory(disk.tree.openDirectory('sync folder', path)),
      this.plan.syncLatencyMs,
    )
  }

  /**
   * Carries out `effect` at a random moment of the call and reports later. If the process dies in
   * between, the effect stays and nobody learns of it.
   */
  call<T>(
    doing: string,
    path: string,
    effect: () => T,
    latencyMs: Range = this.plan.latencyMs,
  ): Promise<T> {
    const { schedule } = this.#core
    const caller = this.#caller
    if (caller.life === 'dead') return new Promise(() => {})
    const durationMs = drawFrom(latencyMs, this.#machine.latencies)
    const startMs = schedule.nowMs
    const effectMs = startMs + durationMs * this.#machine.latencies.float()
    return new Promise((resolve, reject) => {
      const carryOut = (): void => {
        let report: () => void
        try {
          this.#refuse(doing, path)
          const value = effect()
          report = () => resolve(value)
        } catch (error) {
          if (!(error instanceof EngineError)) throw error
          report = () => reject(error)
        }
        schedule.at(caller, startMs + durationMs, 'file.done', report, doing)
      }
      schedule.at(caller.kernel, effectMs, 'file.call', carryOut, `${doing} ${path}`)
    })
  }

  append(path: string, file: TreeFile, bytes: Uint8Array): void {
    const { disk } = this.#machine
    const isLimited = Number.isFinite(this.plan.quotaBytes)
    const freeBytes = isLimited ? this.plan.quotaBytes - disk.usedBytes : Number.POSITIVE_INFINITY
    const fits = bytes.length <= freeBytes
    const taken = fits ? bytes : bytes.subarray(0, Math.max(0, freeBytes))
    disk.write(file, file.sizeBytes, taken, this.#machine.nowMs())
    if (!fits) throw this.fail('append to', path, 'ENOSPC')
  }

  sync(path: string, file: TreeFile): void {
    const { disk, faults } = this.#machine
    const number = ++this.#machine.syncCount
    const probability = this.plan.syncErrorProbability
    const failsByLuck = probability > 0 && faults.float() < probability
    if (failsByLuck || this.plan.failedSyncs.includes(number)) {
      disk.forgetUnsynced(file)
      throw this.fail('sync', path, 'EIO')
    }
    disk.syncFile(file)
  }

  close(): void {
    this.#openFileCount--
  }

  /** The error of an injected fault; notes it in the trace. */
  fail(doing: string, path: string, systemCode: string): EngineError {
    this.#core.note(this.#caller.name, `fault:${systemCode}`, `${doing} ${path}`)
    return fileSystemError(doing, path, systemCode)
  }

  #open(doing: string, path: string, writable: boolean, find: () => TreeFile): Promise<FileHandle> {
    return this.call(doing, path, () => {
      if (this.#openFileCount >= this.plan.openFileCountMax) throw this.fail(doing, path, 'EMFILE')
      const file = find()
      this.#openFileCount++
      return new SimFile(this, this.#machine, path, file, writable)
    })
  }

  #refuse(doing: string, path: string): void {
    this.#refuseDenied(doing, path)
    const probability = this.plan.errorProbability
    if (probability > 0 && doing !== 'close' && this.#machine.faults.float() < probability) {
      throw this.fail(doing, path, 'EIO')
    }
  }

  #refuseDenied(doing: string, path: string): void {
    if (this.#deniedPaths.length === 0) return
    const asked = `${normal(path)}/`
    if (this.#deniedPaths.some((denied) => asked.startsWith(`${denied}/`))) {
      throw this.fail(doing, path, 'EACCES')
    }
  }
}

class SimFile implements FileHandle {
  readonly path: string
  readonly #fileSystem: SimFileSystem
  readonly #machine: SimMachine
  readonly #file: TreeFile
  readonly #writable: boolean
  // A sync covers the appends asked for before it, as on a real file.
  readonly #calls = new SerialQueue()
  #closed = false

  constructor(
    fileSystem: SimFileSystem,
    machine: SimMachine,
    path: string,
    file: TreeFile,
    writable: boolean,
  ) {
    this.path = path
    this.#fileSystem = fileSystem
    this.#machine = machine
    this.#file = file
    this.#writable = writable
  }

  read(positionBytes: number, lengthBytes: number): Promise<Uint8Array> {
    return this.#fileSystem.call('read', this.path, () => {
      this.#refuseClosed('read')
      return this.#file.read(positionBytes, lengthBytes)
    })
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.#change('append to', () => this.#fileSystem.append(this.path, this.#file, bytes))
  }

  truncate(sizeBytes: number): Promise<void> {
    const machine = this.#machine
    return this.#change('truncate', () => {
      machine.disk.truncate(this.#file, sizeBytes, machine.nowMs())
    })
  }

  sync(): Promise<void> {
    const fileSystem = this.#fileSystem
    const sync = (): void => {
      this.#refuseClosed('sync')
      fileSystem.sync(this.path, this.#file)
    }
    return this.#calls.run(() =>
      fileSystem.call('sync', this.path, sync, fileSystem.plan.syncLatencyMs),
    )
  }

  close(): Promise<void> {
    return this.#calls.run(() =>
      this.#fileSystem.call('close', this.path, () => {
        if (this.#closed) return
        this.#closed = true
        this.#fileSystem.close()
      }),
    )
  }

  #change(doing: string, effect: () => void): Promise<void> {
    return this.#calls.run(() =>
      this.#fileSystem.call(doing, this.path, () => {
        this.#refuseClosed(doing)
        if (!this.#writable) throw fileSystemError(doing, this.path, 'EBADF')
        effect()
      }),
    )
  }

  #refuseClosed(doing: string): void {
    if (this.#closed) throw fileSystemError(doing, this.path, 'EBADF')
  }
}
