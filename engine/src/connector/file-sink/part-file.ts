import { utf8Encoder } from '../../base/text-codec.ts'
import type { FileHandle, FileSystem } from '../../env/file-system.ts'
import type { FileCommittable } from './file-committable.ts'
import type { WriteQueue } from './write-queue.ts'

const BUFFER_SIZE_BYTES = 64 * 1024

/** A UTF-16 unit takes three bytes of UTF-8 at most. */
const BYTES_PER_UNIT_MAX = 3

/** A file being written: gathers small records and appends them in larger pieces, in order. */
export class PartFile {
  readonly hiddenPath: string
  readonly finalPath: string
  /** Stops the timer that closes the file at its greatest age. */
  cancelTimer: () => void = () => {}
  readonly #queue: WriteQueue
  #handle: FileHandle | undefined
  #buffer: Uint8Array<ArrayBuffer> = new Uint8Array(BUFFER_SIZE_BYTES)
  #buffered = 0
  #sizeBytes = 0

  readonly #fileSystem: FileSystem
  #created = false

  /** Creates the file; its folder must exist when the queue comes to it. */
  constructor(fileSystem: FileSystem, queue: WriteQueue, hiddenPath: string, finalPath: string) {
    this.#fileSystem = fileSystem
    this.hiddenPath = hiddenPath
    this.finalPath = finalPath
    this.#queue = queue
    queue.run(async () => {
      this.#handle = await fileSystem.create(hiddenPath)
      this.#created = true
    })
  }

  /** How many bytes were written, those still on their way included. */
  get sizeBytes(): number {
    return this.#sizeBytes
  }

  write(data: string | Uint8Array): void {
    if (typeof data !== 'string') {
      this.#writeBytes(data)
      return
    }
    const sizeMax = data.length * BYTES_PER_UNIT_MAX
    if (sizeMax > BUFFER_SIZE_BYTES) {
      const bytes = new Uint8Array(sizeMax)
      this.#writeBytes(bytes.subarray(0, utf8Encoder.encodeInto(data, bytes).written))
      return
    }
    if (sizeMax > BUFFER_SIZE_BYTES - this.#buffered) this.flush()
    const { written } = utf8Encoder.encodeInto(data, this.#buffer.subarray(this.#buffered))
    this.#buffered += written
    this.#sizeBytes += written
  }

  /** Appends what was gathered. */
  flush(): void {
    if (this.#buffered === 0) return
    // The file owns the bytes until they are appended, hence a new buffer.
    this.#append(this.#buffer.subarray(0, this.#buffered))
    this.#buffer = new Uint8Array(BUFFER_SIZE_BYTES)
    this.#buffered = 0
  }

  /** Makes all bytes so far durable. */
  sync(): void {
    this.flush()
    this.#queue.run(() => (this.#handle as FileHandle).sync())
  }

  /** Makes all bytes durable and closes the file. */
  finish(): FileCommittable {
    this.cancelTimer()
    this.sync()
    this.#queue.run(async () => {
      await (this.#handle as FileHandle).close()
      this.#handle = undefined
    })
    return this.committable()
  }

  /** The file as it is now. */
  committable(): FileCommittable {
    const { hiddenPath, finalPath, sizeBytes } = this
    return { hiddenPath, finalPath, sizeBytes }
  }

  /** True once the file is there. Until then no snapshot that names it can be acknowledged. */
  get isCreated(): boolean {
    return this.#created
  }

  /** Gives up: closes the file and leaves it where it is. */
  async abandon(): Promise<void> {
    await this.#handle?.close()
  }

  /** Removes the file. */
  remove(): Promise<void> {
    return this.#fileSystem.remove(this.hiddenPath)
  }

  #writeBytes(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.length
    if (bytes.length > BUFFER_SIZE_BYTES - this.#buffered) this.flush()
    if (bytes.length > BUFFER_SIZE_BYTES) {
      this.#append(bytes)
      return
    }
    this.#buffer.set(bytes, this.#buffered)
    this.#buffered += bytes.length
  }

  #append(bytes: Uint8Array): void {
    this.#queue.run(() => (this.#handle as FileHandle).append(bytes), bytes.length)
  }
}
