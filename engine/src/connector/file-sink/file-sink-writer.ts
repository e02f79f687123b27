import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { SinkWriter, SinkWriterContext } from '../../operator/sink/sink.ts'
import { bucketFolder } from './bucket-path.ts'
import { makeDurableFolder } from './durable-folder.ts'
import type { FileCommittable, FileSinkState } from './file-committable.ts'
import type { BulkEncoder, BulkFile, FileEncoder } from './file-encoder.ts'
import { removeLingeringFiles } from './lingering-files.ts'
import { PartFile } from './part-file.ts'
import { firstLineage, hiddenName, newToken, type PartNames, visibleName } from './part-name.ts'
import { WriteQueue } from './write-queue.ts'

/** A file sink's options, complete. */
export interface FileWriterOptions<T> {
  readonly root: string
  readonly encoder: FileEncoder<T> | BulkEncoder<T>
  readonly bucket: ((value: T, timestampMs: number) => string) | undefined
  readonly sizeBytesMax: number
  readonly ageMsMax: number
  readonly rollsOnCheckpoint: boolean
  readonly openFileCountMax: number
  readonly prefix: string
  readonly suffix: string
}

/**
 * Writes the records of one subtask to hidden files, one per bucket at a time. A file is closed
 * when a rule says so; closed files become committables at the next barrier.
 */
export class FileSinkWriter<T> implements SinkWriter<T, FileCommittable, FileSinkState> {
  readonly #context: SinkWriterContext
  readonly #options: FileWriterOptions<T>
  readonly #names: PartNames
  readonly #queue: WriteQueue
  /** The open file of each bucket, oldest first. */
  readonly #open = new Map<string, PartFile>()
  /** What gathers the records of an open file of a bulk format. */
  readonly #bulk = new Map<PartFile, BulkFile<T>>()
  /** Files that may have a handle: those of `#open`, and those whose close waits in the queue. */
  readonly #unclosed = new Set<PartFile>()
  /** Files closed since the last barrier. */
  #finished: FileCommittable[] = []
  /** Folders in which a file was created since the last barrier. */
  readonly #changedFolders = new Set<string>()
  readonly #madeFolders = new Set<string>()
  #nextPart: number
  #ended = false

  constructor(
    context: SinkWriterContext,
    options: FileWriterOptions<T>,
    restored: readonly FileSinkState[],
  ) {
    const { task, env } = context
    this.#context = context
    this.#options = options
    this.#queue = new WriteQueue(context)
    const [own] = restored
    this.#nextPart = own?.nextPart ?? 0
    const fresh = firstLineage(task, task.subtaskIndex, context.restoredCheckpointId)
    this.#names = {
      lineage: own?.lineage ?? fresh,
      token: newToken(task, env.random, env.clock.nowMs()),
      visibleStart: `${options.prefix}-${task.subtaskIndex}`,
      suffix: options.suffix,
    }
    this.#removeLitter(restored)
    for (const state of restored) for (const file of state.openFiles) this.#resume(file)
  }

  write(value: T, timestampMs: number): void {
    const bucket = this.#options.bucket?.(value, timestampMs) ?? ''
    const { encoder } = this.#options
    if ('open' in encoder) {
      this.#writeBulk(encoder, bucket, value)
      return
    }
    const data = encoder.encode(value)
    let file = this.#open.get(bucket)
    if (file === undefined) file = this.#create(bucket)
    file.write(data)
    if (file.sizeBytes >= this.#options.sizeBytesMax) this.#close(bucket, file)
  }

  prepareCommit(): readonly FileCommittable[] {
    const closesAll = this.#options.rollsOnCheckpoint || this.#ended
    for (const [bucket, file] of this.#open) {
      if (closesAll) this.#close(bucket, file)
      else file.sync()
    }
    const folders = [...this.#changedFolders]
    this.#changedFolders.clear()
    const { fileSystem } = this.#context.env
    // Last in the queue, so it is done when everything before is.
    const done = this.#queue.run(async () => {
      for (const folder of folders) await fileSystem.syncDirectory(folder)
    })
    this.#context.awaitBeforeAcknowledge(done)
    const committables = this.#finished
    this.#finished = []
    return committables
  }

  snapshotState(): readonly FileSinkState[] {
    const openFiles = [...this.#open.values()].map((file) => file.committable())
    return [{ lineage: this.#names.lineage, nextPart: this.#nextPart, openFiles }]
  }

  endInput(): void {
    this.#ended = true
  }

  close(): void {
    for (const file of this.#unclosed) file.cancelTimer()
    // A file that is being created at this moment may appear when the next attempt has already
    // looked for litter, so nobody else would remove it.
    const unborn = [...this.#unclosed].filter((file) => !file.isCreated)
    this.#queue.stop()
    this.#queue.finally(async () => {
      for (const file of this.#unclosed) await file.abandon()
      for (const file of unborn) await file.remove()
    })
  }

  #writeBulk(encoder: BulkEncoder<T>, bucket: string, value: T): void {
    const open = this.#open.get(bucket)
    const bulk = (open && this.#bulk.get(open)) ?? encoder.open(this.#context.env.random)
    // May refuse the record, before there is a file for it.
    const data = bulk.add(value)
    const file = open ?? this.#create(bucket)
    this.#bulk.set(file, bulk)
    if (data === undefined) return
    file.write(data)
    if (file.sizeBytes >= this.#options.sizeBytesMax) this.#close(bucket, file)
  }

  #create(bucket: string): PartFile {
    const { root, ageMsMax, openFileCountMax, encoder } = this.#options
    const folder = bucketFolder(root, bucket)
    const { env } = this.#context
    const [oldest] = this.#open
    if (oldest !== undefined && this.#open.size >= openFileCountMax) this.#close(...oldest)
    if (!this.#madeFolders.has(folder)) {
      this.#madeFolders.add(folder)
      this.#queue.run(() => makeDurableFolder(env.fileSystem, folder))
    }
    const number = this.#nextPart++
    const hiddenPath = `${folder}/${hiddenName(this.#names, number)}`
    const finalPath = `${folder}/${visibleName(this.#names, number)}`
    const file = new PartFile(env.fileSystem, this.#queue, hiddenPath, finalPath)
    this.#changedFolders.add(folder)
    this.#open.set(bucket, file)
    this.#unclosed.add(file)
    if ('header' in encoder && encoder.header !== '') file.write(encoder.header)
    if (Number.isFinite(ageMsMax)) {
      const timer = this.#context.schedule(env.clock.nowMs() + ageMsMax, () => {
        if (this.#open.get(bucket) === file) this.#close(bucket, file)
      })
      file.cancelTimer = () => timer.cancel()
    }
    return file
  }

  #close(bucket: string, file: PartFile): void {
    this.#open.delete(bucket)
    const bulk = this.#bulk.get(file)
    if (bulk !== undefined) {
      file.write(bulk.finish())
      this.#bulk.delete(file)
    }
    this.#finished.push(file.finish())
    this.#queue.run(async () => {
      this.#unclosed.delete(file)
    })
  }

  /** A file that was open at the barrier: what came after is cut off, and the rest is committed. */
  #resume(file: FileCommittable): void {
    const { fileSystem } = this.#context.env
    this.#finished.push(file)
    this.#queue.run(async () => {
      const status = await fileSystem.stat(file.hiddenPath)
      if (status === undefined || status.sizeBytes < file.sizeBytes) {
        throw new EngineError(
          ErrorCode.COMMIT_LOST,
          `${file.hiddenPath} held ${file.sizeBytes} bytes at the checkpoint and ` +
            `${status === undefined ? 'is gone' : `holds ${status.sizeBytes} now`}; put it back, ` +
            'or restore an older checkpoint',
        )
      }
      const handle = await fileSystem.openAppend(file.hiddenPath)
      try {
        await handle.truncate(file.sizeBytes)
        await handle.sync()
      } finally {
        await handle.close()
      }
    })
  }

  #removeLitter(restored: readonly FileSinkState[]): void {
    const { task, env, restoredCheckpointId } = this.#context
    /** From which number on the parts of a lineage are litter. */
    const litterFrom = new Map(restored.map((state) => [state.lineage, state.nextPart]))
    // Nothing counts that a writer without state has written in a former attempt from here; the
    // first subtask also looks after subtasks that there are no more.
    if (!litterFrom.has(this.#names.lineage)) litterFrom.set(this.#names.lineage, 0)
    if (task.subtaskIndex === 0) {
      for (let index = task.parallelism; index < task.maxParallelism; index++) {
        litterFrom.set(firstLineage(task, index, restoredCheckpointId), 0)
      }
    }
    this.#queue.run(() =>
      removeLingeringFiles(env, this.#options.root, (part) => {
        const from = litterFrom.get(part.lineage)
        return from !== undefined && part.number >= from && part.token !== this.#names.token
      }),
    )
  }
}
