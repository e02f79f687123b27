/** One value of a table. All entries have the same shape, so that access to them stays fast. */
export class HeapEntry<V> {
  readonly key: unknown
  value: V
  /** See `SnapshotLine`. */
  version: number
  /** What holds the entry; undefined once that no longer does. See `EntryTrail`. */
  home: object | undefined
  /** An entry of the same key that was used after this one, wherever it lives. */
  next: HeapEntry<unknown> | undefined = undefined

  constructor(key: unknown, value: V, version: number, home: object) {
    this.key = key
    this.value = value
    this.version = version
    this.home = home
  }

  /** Called as it is removed: another entry may keep it alive, but no longer what it held. */
  leave(): void {
    this.home = undefined
    this.next = undefined
    this.value = undefined as V
  }
}
