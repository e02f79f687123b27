/// <reference types="node" />
import { setFlagsFromString } from 'node:v8'

/** The major version of V8 that this was measured with; others may not know the flag. */
const KNOWN_VERSION = '13.'

/**
 * Has V8 count the bytes of array buffers into the limit of the heap, as far as it can. Otherwise
 * it begins a full garbage collection with every 64 MB of them, however large the heap is, and the
 * snapshots of a large state are made of array buffers. It holds for the whole process.
 */
export function countExternalMemory(): void {
  if (!process.versions.v8.startsWith(KNOWN_VERSION)) return
  setFlagsFromString('--external-memory-accounted-in-global-limit')
}
