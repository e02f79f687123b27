import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import {
  FileTree,
  TreeDirectory,
  TreeFile,
  type TreeNode,
  type TreePlace,
} from '../../env/file-tree.ts'
import type { Random } from '../../env/random.ts'

/** A torn write is cut at a multiple of this. */
const SECTOR_BYTES = 512

/**
 * The disk of a simulated machine, in two copies: `tree` is what programs see (the page cache), the
 * rest is what a loss of power leaves.
 *
 * - Bytes are durable after {@link syncFile}. Until then each write is kept, lost or torn at a
 *   sector, independent of the others.
 * - Names are durable after {@link syncDirectory}. Until then each create, rename and remove is
 *   kept or lost; only changes of one and the same name keep their order, as a journal gives it.
 */
export class SimDisk {
  readonly tree: FileTree
  readonly #durableFiles = new WeakMap<TreeFile, DurableFile>()
  readonly #durableEntries = new WeakMap<TreeDirectory, Map<string, TreeNode>>()
  #unsyncedNames: NameChange[] = []

  constructor(nowMs: () => number) {
    this.tree = new FileTree(nowMs, {
      linked: (to, node) => this.#unsyncedNames.push({ from: undefined, to, node }),
      unlinked: (from) => this.#unsyncedNames.push({ from, to: undefined, node: undefined }),
      renamed: (from, to, node) => this.#unsyncedNames.push({ from, to, node }),
    })
  }

  /** Bytes of all files that have a name. */
  get usedBytes(): number {
    return usedBytesOf(this.tree.root)
  }

  write(file: TreeFile, positionBytes: number, bytes: Uint8Array, nowMs: number): void {
    file.write(positionBytes, bytes)
    file.modifiedMs = nowMs
    // The caller may use the array again once the call is over.
    this.#durableOf(file).unsynced.push({ positionBytes, bytes: bytes.slice() })
  }

  truncate(file: TreeFile, sizeBytes: number, nowMs: number): void {
    file.resize(sizeBytes)
    file.modifiedMs = nowMs
    this.#durableOf(file).unsynced.push({ positionBytes: sizeBytes, bytes: undefined })
  }

  /** Makes the bytes of a file durable. */
  syncFile(file: TreeFile): void {
    const durable = this.#durableOf(file)
    for (const change of durable.unsynced) applyChange(durable.image, change)
    durable.unsynced = []
  }

  /**
   * What a failed sync leaves: programs still see the unsynced bytes, but the system believes them
   * written, so that no later sync writes them.
   */
  forgetUnsynced(file: TreeFile): void {
    this.#durableOf(file).unsynced = []
  }

  /** Makes the names in a folder durable, with the earlier changes that they build on. */
  syncDirectory(directory: TreeDirectory): void {
    const names = this.#unsyncedNames
    const wanted = new PlaceSet()
    const synced = new Set<NameChange>()
    for (let index = names.length - 1; index >= 0; index--) {
      const change = names[index] as NameChange
      const home = (change.to ?? change.from)?.directory
      if (home !== directory && !wanted.touches(change)) continue
      wanted.add(change)
      synced.add(change)
    }
    for (const change of names) if (synced.has(change)) this.#applyName(change)
    this.#unsyncedNames = names.filter((change) => !synced.has(change))
  }

  /** Power is lost: afterwards programs see what was durable and what luck adds to it. */
  crash(random: Random): void {
    const lost = new PlaceSet()
    const keepNames = survival(random)
    for (const change of this.#unsyncedNames) {
      if (lost.touches(change) || random.float() >= keepNames) lost.add(change)
      else this.#applyName(change)
    }
    this.#unsyncedNames = []
    this.#reset(this.tree.root, random)
  }

  /**
   * Changes one byte of a file, in the page cache and on the disk, as a rotten sector would.
   *
   * @throws FILE_NOT_FOUND if there is no file, INVALID_ARGUMENT if the position is outside of it.
   */
  corrupt(path: string, positionBytes: number, mask: number): void {
    const file = this.tree.openFile('corrupt', path)
    if (positionBytes < 0 || positionBytes >= file.sizeBytes) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `cannot corrupt byte ${positionBytes} of ${path}: it has ${file.sizeBytes} bytes`,
      )
    }
    const { image, unsynced } = this.#durableOf(file)
    const flip = (bytes: Uint8Array, index: number): void => {
      bytes[index] = (bytes[index] as number) ^ mask
    }
    flip(file.bytes, positionBytes)
    if (positionBytes < image.sizeBytes) flip(image.bytes, positionBytes)
    for (const { positionBytes: from, bytes } of unsynced) {
      const index = positionBytes - from
      if (bytes !== undefined && index >= 0 && index < bytes.length) flip(bytes, index)
    }
  }

  /** Makes the visible copy of a folder, and of all below it, what survived on the disk. */
  #reset(directory: TreeDirectory, random: Random): void {
    directory.entries = new Map(this.#entriesOf(directory))
    for (const node of directory.entries.values()) {
      if (node instanceof TreeDirectory) this.#reset(node, random)
      else this.#resetFile(node, random)
    }
  }

  #resetFile(file: TreeFile, random: Random): void {
    const durable = this.#durableOf(file)
    const keep = survival(random)
    for (const change of durable.unsynced) {
      if (random.float() < keep) applyChange(durable.image, change)
      else if (random.below(2) === 0) applyTorn(durable.image, change, random)
    }
    durable.unsynced = []
    file.resize(0)
    file.write(0, durable.image.read(0, durable.image.sizeBytes))
  }

  #applyName(change: NameChange): void {
    const { from, to, node } = change
    if (from !== undefined) this.#entriesOf(from.directory).delete(from.name)
    if (to !== undefined) this.#entriesOf(to.directory).set(to.name, node as TreeNode)
  }

  #durableOf(file: TreeFile): DurableFile {
    let durable = this.#durableFiles.get(file)
    if (durable === undefined) {
      durable = { image: new TreeFile(file.modifiedMs), unsynced: [] }
      this.#durableFiles.set(file, durable)
    }
    return durable
  }

  #entriesOf(directory: TreeDirectory): Map<string, TreeNode> {
    let entries = this.#durableEntries.get(directory)
    if (entries === undefined) {
      entries = new Map()
      this.#durableEntries.set(directory, entries)
    }
    return entries
  }
}

interface DurableFile {
  readonly image: TreeFile
  unsynced: ByteChange[]
}

/** A write, or a truncation if there are no bytes. */
interface ByteChange {
  readonly positionBytes: number
  readonly bytes: Uint8Array | undefined
}

/** A create has no `from`, a remove no `to`. */
interface NameChange {
  readonly from: TreePlace | undefined
  readonly to: TreePlace | undefined
  readonly node: TreeNode | undefined
}

/** Names that changes touch. */
class PlaceSet {
  readonly #names = new Map<TreeDirectory, Set<string>>()

  add(change: NameChange): void {
    for (const place of [change.from, change.to]) {
      if (place === undefined) continue
      const names = this.#names.get(place.directory)
      if (names === undefined) this.#names.set(place.directory, new Set([place.name]))
      else names.add(place.name)
    }
  }

  touches(change: NameChange): boolean {
    return this.#has(change.from) || this.#has(change.to)
  }

  #has(place: TreePlace | undefined): boolean {
    return place !== undefined && this.#names.get(place.directory)?.has(place.name) === true
  }
}

/**
 * The share of unsynced changes that survive: often all or none, where the interesting cases are.
 */
function survival(random: Random): number {
  const draw = random.below(4)
  return draw === 0 ? 0 : draw === 1 ? 1 : 0.5
}

function applyChange(image: TreeFile, change: ByteChange): void {
  if (change.bytes === undefined) image.resize(change.positionBytes)
  else image.write(change.positionBytes, change.bytes)
}

/** Applies one end of a write, cut between two sectors; nothing if it lies within one sector. */
function applyTorn(image: TreeFile, change: ByteChange, random: Random): void {
  const { positionBytes, bytes } = change
  if (bytes === undefined) return
  const firstSector = Math.floor(positionBytes / SECTOR_BYTES)
  const lastSector = Math.floor((positionBytes + bytes.length - 1) / SECTOR_BYTES)
  if (lastSector <= firstSector) return
  const cutSector = firstSector + 1 + random.below(lastSector - firstSector)
  const cut = cutSector * SECTOR_BYTES - positionBytes
  if (random.below(2) === 0) image.write(positionBytes, bytes.subarray(0, cut))
  else image.write(positionBytes + cut, bytes.subarray(cut))
}

function usedBytesOf(directory: TreeDirectory): number {
  let bytes = 0
  for (const node of directory.entries.values()) {
    bytes += node instanceof TreeDirectory ? usedBytesOf(node) : node.sizeBytes
  }
  return bytes
}
