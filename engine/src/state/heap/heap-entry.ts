/** One value of a table. All entries have the same shape, so that access to them stays fast. */
export class HeapEntry<V> {
  readonly key: unknown
  value: V
  /** See `SnapshotLine`. */
  version: number

  constructor(key: unknown, value: V, version: number) {
    this.key = key
    this.value = value
    this.version = version
  }
}
