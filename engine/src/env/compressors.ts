import type { CompressionCodec } from './decompressors.ts'

/**
 * Compresses. `env/node` implements it on the platform's zlib; a program that writes compressed
 * files passes one to the encoder, since browsers compress asynchronously only.
 */
export interface Compressors {
  /** Compresses a whole block at once. The result is the caller's. */
  block(codec: CompressionCodec, bytes: Uint8Array): Uint8Array
}
