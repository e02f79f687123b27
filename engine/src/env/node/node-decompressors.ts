/// <reference types="node" />
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import type { CompressionCodec, Decompression, Decompressors } from '../decompressors.ts'

/**
 * Decompression by `node:zlib`. Snappy is not in it: hyparquet brings its own.
 *
 * ```ts
 * const deflated = new Uint8Array([120, 156, 75, 4, 0, 0, 98, 0, 98]) // the letter a
 * Array.from(nodeDecompressors().block('deflate', deflated, 1)) // => [97]
 * ```
 */
export function nodeDecompressors(): Decompressors {
  return {
    block: (codec, bytes, lengthBytes) => blockDecoders[codec](bytes, lengthBytes),
    stream: (codec) => new NodeDecompression(streamDecoders[codec]()),
  }
}

type BlockDecoder = (bytes: Uint8Array, lengthBytes: number) => Uint8Array

// The known length bounds the result, so that a hostile block cannot fill the memory.
const blockDecoders: Readonly<Record<CompressionCodec, BlockDecoder>> = {
  gzip: (bytes, lengthBytes) => zlib.gunzipSync(bytes, bounded(lengthBytes)),
  deflate: (bytes, lengthBytes) => zlib.inflateSync(bytes, bounded(lengthBytes)),
  brotli: (bytes, lengthBytes) => zlib.brotliDecompressSync(bytes, bounded(lengthBytes)),
  zstd: (bytes, lengthBytes) => zlib.zstdDecompressSync(bytes, bounded(lengthBytes)),
}

const streamDecoders: Readonly<Record<CompressionCodec, () => Transform>> = {
  gzip: () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  brotli: () => zlib.createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
}

function bounded(lengthBytes: number): { readonly maxOutputLength: number } {
  return { maxOutputLength: Math.max(1, lengthBytes) }
}

class NodeDecompression implements Decompression {
  readonly #decoder: Transform
  #output: Uint8Array[] = []
  #error: Error | undefined
  #onError: (error: Error) => void = () => {}

  constructor(decoder: Transform) {
    this.#decoder = decoder
    decoder.on('data', (bytes: Uint8Array) => this.#output.push(bytes))
    decoder.on('error', (error) => {
      this.#error = error
      this.#onError(error)
    })
  }

  write(bytes: Uint8Array): Promise<Uint8Array> {
    // The callback of `write` comes when all output of these bytes was handed out.
    return this.#run((done) => this.#decoder.write(bytes, done))
  }

  end(): Promise<Uint8Array> {
    return this.#run((done) => {
      this.#decoder.once('end', () => done(null))
      this.#decoder.end()
    })
  }

  close(): void {
    this.#decoder.destroy()
  }

  #run(call: (done: (error?: Error | null) => void) => void): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#error !== undefined) return reject(this.#error)
      this.#onError = reject
      call((error) => {
        if (error) reject(error)
        else resolve(this.#take())
      })
    })
  }

  #take(): Uint8Array {
    const output = Buffer.concat(this.#output)
    this.#output = []
    return output
  }
}
