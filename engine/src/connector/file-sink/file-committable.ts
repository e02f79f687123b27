/** A finished file that becomes visible by one rename. */
export interface FileCommittable {
  readonly hiddenPath: string
  readonly finalPath: string
  /** What the file must hold when it is committed. */
  readonly sizeBytes: number
}

/** State of a file sink writer. */
export interface FileSinkState {
  /** The line of writers that took over from each other, see `part-name.ts`. */
  readonly lineage: string
  /** The number of the next part. Parts of this lineage from it on belong to no checkpoint. */
  readonly nextPart: number
  /** Files that were still written to, with their size at the barrier. */
  readonly openFiles: readonly FileCommittable[]
}
