/// <reference types="node" />
import * as zlib from 'node:zlib'
import type { Compressors } from '../compressors.ts'
import type { CompressionCodec } from '../decompressors.ts'

/**
 * Compression by `node:zlib`.
 *
 * ```ts
 * const bytes = nodeCompressors().block('gzip', new Uint8Array(1_000))
 * nodeDecompressors().block('gzip', bytes, 1_000).length // => 1000
 * ```
 */
export function nodeCompressors(): Compressors {
  return { block: (codec, bytes) => blockEncoders[codec](bytes) }
}

const blockEncoders: Readonly<Record<CompressionCodec, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: (bytes) => zlib.gzipSync(bytes),
  deflate: (bytes) => zlib.deflateSync(bytes),
  brotli: (bytes) => zlib.brotliCompressSync(bytes),
  zstd: (bytes) => zlib.zstdCompressSync(bytes),
}
