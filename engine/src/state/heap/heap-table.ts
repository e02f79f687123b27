import { ByteWriter } from '../../base/byte-writer.ts'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { type KeyGroupRange, keyGroupOf } from '../../core/key-group.ts'
import { hashKey } from '../../types/key-hash.ts'
import type { TypeSerializer } from '../../types/type-serializer.ts'
import type { StateTable } from '../keyed-state-backend.ts'
import { type Namespace, VOID_NAMESPACE } from '../namespace.ts'
import { type BlockBytes, writeBlock } from './block-bytes.ts'
import type { CurrentKey } from './current-key.ts'
import type { EntryTrail } from './entry-trail.ts'
import type { HeapEntries } from './heap-entries.ts'
import { HeapNamespace, type NamespaceOwner } from './heap-namespace.ts'
import { KeyGroupChunks } from './key-group-chunks.ts'
import { writeNamespace } from './namespace-bytes.ts'
import type { SnapshotLine } from './snapshot-line.ts'
import { describeSerializers, type ValueCodec } from './value-codec.ts'

/** What a table is made of. */
export interface HeapTableOptions<V> {
  readonly name: string
  readonly kind: string
  readonly keySerializer: TypeSerializer<unknown>
  readonly codec: ValueCodec<V>
  readonly current: CurrentKey
  readonly line: SnapshotLine
  readonly maxParallelism: number
  /** See `NamespaceOwner`. */
  readonly mapLimit: number
  /** Slots of a block, see `SlotBlocks`. */
  readonly blockSlots: number
  readonly trail: EntryTrail
}

/** The state of one name on the heap: entries per namespace. */
export class HeapTable<V> implements StateTable<V>, NamespaceOwner<V> {
  readonly name: string
  readonly kind: string
  /** JSON of the serializers, as it stands in snapshots. */
  readonly serializers: string
  readonly codec: ValueCodec<V>
  readonly line: SnapshotLine
  readonly mapLimit: number
  readonly blockSlots: number | undefined
  readonly trail: EntryTrail
  lastSize = 0
  readonly #keySerializer: TypeSerializer<unknown>
  readonly #current: CurrentKey
  readonly #maxParallelism: number
  /** The node of the namespace that most state lives in; it is never dropped. */
  readonly #void: HeapNamespace<V>
  readonly #nodes = new Map<Namespace, HeapNamespace<V>>()
  #chunks: KeyGroupChunks | undefined
  /** For the blocks of the open snapshot. */
  #scratch: ByteWriter | undefined
  /** Of the chunks of the last snapshot. */
  #lastLengths: readonly number[] = []
  /** Entries of removed namespaces that the open snapshot may still have to serialize. */
  #detached: HeapEntries<V>[] = []

  constructor(options: HeapTableOptions<V>) {
    this.name = options.name
    this.kind = options.kind
    this.codec = options.codec
    this.#keySerializer = options.keySerializer
    this.#current = options.current
    this.line = options.line
    this.mapLimit = options.mapLimit
    // Where entries are pruned, what is expired would stay in the bytes for ever.
    this.blockSlots = options.codec.pruneForSnapshot === undefined ? options.blockSlots : undefined
    this.trail = options.trail
    this.#maxParallelism = options.maxParallelism
    this.#void = new HeapNamespace<V>(VOID_NAMESPACE, this)
    this.serializers = describeSerializers(options.keySerializer, options.codec)
  }

  get(namespace: Namespace): V | undefined {
    const value = this.find(namespace)?.getBy(this.#current.identity)
    if (value === undefined) this.#current.check(this.name)
    return value
  }

  put(namespace: Namespace, value: V): void {
    this.#current.check(this.name)
    this.namespace(namespace).putBy(this.#current.identity, this.#current.key, value)
  }

  remove(namespace: Namespace): void {
    this.#current.check(this.name)
    this.find(namespace)?.removeBy(this.#current.identity)
  }

  /** Folds `input` into the entry of the current key, see `NamespaceView.fold`. */
  fold<IN>(namespace: Namespace, input: IN, fold: (value: V | undefined, input: IN) => V): void {
    this.#current.check(this.name)
    this.namespace(namespace).foldBy(this.#current.identity, this.#current.key, input, fold)
  }

  namespace(namespace: Namespace): HeapNamespace<V> {
    // A node is kept by its table only once it has an entry.
    return this.find(namespace) ?? new HeapNamespace<V>(namespace, this)
  }

  *namespaces(): IterableIterator<Namespace> {
    if (this.#void.size > 0) yield VOID_NAMESPACE
    yield* this.#nodes.keys()
  }

  removeNamespace(namespace: Namespace): void {
    const node = this.find(namespace)
    if (node === undefined) return
    const entries = node.takeEntries()
    this.line.entryCount -= entries.size
    this.lastSize = entries.size
    this.drop(node)
    // The entries are off the table at once; the snapshot serializes them when it gets there.
    if (this.#chunks !== undefined) this.#detached.push(entries)
  }

  /** Removes all entries of all namespaces. */
  clear(): void {
    for (const namespace of [...this.namespaces()]) this.removeNamespace(namespace)
  }

  find(namespace: Namespace): HeapNamespace<V> | undefined {
    return namespace === VOID_NAMESPACE ? this.#void : this.#nodes.get(namespace)
  }

  attach(node: HeapNamespace<V>): void {
    if (node !== this.#void) this.#nodes.set(node.namespace, node)
  }

  drop(node: HeapNamespace<V>): void {
    if (node !== this.#void) this.#nodes.delete(node.namespace)
  }

  serialize(namespace: Namespace, key: unknown, value: V): void {
    const chunks = this.#chunks
    // Without chunks the table was made after the line was drawn: nothing of it is below the line.
    if (chunks === undefined) return
    const { pruneForSnapshot } = this.codec
    const kept = pruneForSnapshot === undefined ? value : pruneForSnapshot(value)
    if (kept !== undefined) this.#write(namespace, key, kept, chunks)
    this.line.pendingCount--
  }

  serializeBlock(namespace: Namespace, keys: readonly number[], values: readonly V[]): BlockBytes {
    const { range } = this.#chunks as KeyGroupChunks
    this.#scratch ??= new ByteWriter()
    const keyGroups = Int32Array.from(keys, (key) => keyGroupOf(hashKey(key), this.#maxParallelism))
    const write = (entry: number, output: ByteWriter): void => {
      this.#writeEntry(namespace, keys[entry], values[entry] as V, output)
    }
    return writeBlock(keyGroups, range, write, this.#scratch)
  }

  takeBlock(bytes: BlockBytes): void {
    this.#chunks?.addBlock(bytes)
    this.line.pendingCount -= bytes.count
  }

  /** From now on entries below the line go to the chunks it gives. */
  beginSnapshot(range: KeyGroupRange): KeyGroupChunks {
    this.#chunks = new KeyGroupChunks(range, this.#lastLengths)
    return this.#chunks
  }

  /** Ends what {@link HeapTable.beginSnapshot} began. */
  endSnapshot(): void {
    this.#lastLengths = this.#chunks?.lengths ?? []
    this.#chunks = undefined
    this.#scratch = undefined
    this.#detached = []
  }

  /** The nodes of all namespaces; the iterator bears changes on its way. */
  *nodes(): IterableIterator<HeapNamespace<V>> {
    yield this.#void
    yield* this.#nodes.values()
  }

  /** Takes the entries of a removed namespace that the snapshot has not walked yet. */
  takeDetached(): HeapEntries<V> | undefined {
    return this.#detached.pop()
  }

  #write(namespace: Namespace, key: unknown, value: V, chunks: KeyGroupChunks): void {
    const keyGroup = keyGroupOf(hashKey(key), this.#maxParallelism)
    this.#writeEntry(namespace, key, value, chunks.writer(keyGroup))
    chunks.count(keyGroup)
  }

  #writeEntry(namespace: Namespace, key: unknown, value: V, output: ByteWriter): void {
    const start = output.length
    try {
      writeNamespace(namespace, output)
      this.#keySerializer.serialize(key, output)
      this.codec.write(value, output)
    } catch (error) {
      output.truncate(start)
      throw this.#unwritable(error)
    }
  }

  #unwritable(error: unknown): unknown {
    if (!(error instanceof EngineError)) return error
    const advice = 'declare the type it really has in the state descriptor or keyBy'
    const message = `state "${this.name}" cannot be written: ${error.message}; ${advice}`
    return new EngineError(
      error.code === ErrorCode.ASSERTION ? ErrorCode.TYPE_MISMATCH : error.code,
      message,
      { cause: error },
    )
  }
}
