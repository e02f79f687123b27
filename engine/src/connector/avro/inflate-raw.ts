interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>
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

/** Decompresses deflate without a header, as Avro blocks have it. Rejects if it is damaged. */
export async function inflateRaw(bytes: Uint8Array): Promise<Uint8Array> {
  const { readable, writable } = new DecompressionStream('deflate-raw')
  const sink = writable.getWriter()
  // What goes wrong in here is told by the reader as well.
  sink.write(bytes).catch(() => {})
  sink.close().catch(() => {})
  const reader = readable.getReader()
  const pieces: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done || value === undefined) break
    pieces.push(value)
    length += value.length
  }
  const joined = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}
