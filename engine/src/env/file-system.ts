/**
 * Files, as the engine needs them. Paths are absolute or relative, with `/` between their parts.
 *
 * Nothing is durable before it is synced: the bytes of a file by {@link FileHandle.sync}, its name
 * (create, rename, delete) by {@link FileSystem.syncDirectory}. All methods reject with an
 * `EngineError`: `FILE_NOT_FOUND`, or `FILE_SYSTEM` with the system's code (ENOSPC, EACCES, ...)
 * in the message and the original error as cause.
 */
export interface FileSystem {
  /** Opens an existing file for reading. */
  openRead(path: string): Promise<FileHandle>
  /** Makes a new, empty file for appending; an existing one is emptied. The folder must exist. */
  create(path: string): Promise<FileHandle>
  /** Opens an existing file for appending at its end. */
  openAppend(path: string): Promise<FileHandle>
  /** What is at `path`, or undefined if nothing is. */
  stat(path: string): Promise<FileStatus | undefined>
  /** The direct children of a folder, sorted by name. `FILE_NOT_FOUND` if there is no folder. */
  list(path: string): Promise<readonly FileStatus[]>
  /** Makes a folder and its missing parents. Does nothing if it exists. */
  makeDirectory(path: string): Promise<void>
  /** Gives a file or folder a new name in one step; an existing file of that name is replaced. */
  rename(from: string, to: string): Promise<void>
  /**
   * Deletes a file, or a folder with all in it, also while somebody adds to it. Does nothing if
   * there is nothing.
   */
  remove(path: string): Promise<void>
  /** Makes the names in a folder durable (creates, renames and deletes so far). */
  syncDirectory(path: string): Promise<void>
}

/** An open file. Every handle is closed by whoever opened it. */
export interface FileHandle {
  readonly path: string
  /**
   * Reads up to `lengthBytes` at `positionBytes`. Fewer bytes come back only at the end of the
   * file; zero bytes mean the end.
   */
  read(positionBytes: number, lengthBytes: number): Promise<Uint8Array>
  /** Appends all of `bytes` at the end. The caller must not change `bytes` before it resolves. */
  append(bytes: Uint8Array): Promise<void>
  /** Cuts the file to `sizeBytes`. */
  truncate(sizeBytes: number): Promise<void>
  /**
   * Makes the bytes written so far durable. After a failed sync the unsynced bytes may be lost and
   * a second sync may succeed all the same: rewrite the file, never retry the sync.
   */
  sync(): Promise<void>
  close(): Promise<void>
}

/** What is known of one file or folder. */
export interface FileStatus {
  /** The full path, made of the path that was asked for and the name. */
  readonly path: string
  /** The last part of the path. */
  readonly name: string
  readonly kind: 'file' | 'directory'
  /** Size of a file; 0 for a folder. */
  readonly sizeBytes: number
  /** Time of the last change, in milliseconds since 1970. */
  readonly modifiedMs: number
}
