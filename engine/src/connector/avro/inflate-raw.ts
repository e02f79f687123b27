import { BoundedBytes } from '../source-base/bounded-bytes.ts'

interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>
  cancel(): Promise<void>
}

interface ByteSink {
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
}

// Globals of Node, browsers and workers; the compiler knows only the language's own (`types: []`).
declare const DecompressionStream: new (
  format: 'deflate-raw',
) => {
  readonly readable: { getReader(): ByteReader }
  readonly writable: { getWriter(): ByteSink }
}

/**
 * Decompresses deflate without a header, as Avro blocks have it. Undefined if it is larger than
 * `sizeBytesMax`; rejects if it is damaged.
 */
export async function inflateRaw(
  bytes: Uint8Array,
  sizeBytesMax: number,
): Promise<Uint8Array | undefined> {
  const { readable, writable } = new DecompressionStream('deflate-raw')
  const sink = writable.getWriter()
  // What goes wrong in here is told by the reader as well.
  sink.write(bytes).catch(() => {})
  sink.close().catch(() => {})
  const reader = readable.getReader()
  const pieces = new BoundedBytes(sizeBytesMax)
  for (;;) {
    const { done, value } = await reader.read()
    if (done || value === undefined) return pieces.joined()
    if (pieces.add(value)) continue
    // What is left of a block that is refused need not be decompressed.
    reader.cancel().catch(() => {})
    return undefined
  }
}
