/** The codecs of compressed input. */
export type CompressionCodec = 'gzip' | 'deflate' | 'brotli' | 'zstd'

/**
 * Undoes compression. `env/node` implements it on the platform's zlib; a program that reads
 * compressed files passes one to the source, since not every platform has every codec.
 */
export interface Decompressors {
  /**
   * Decompresses a whole block at once, as a page of a Parquet file.
   * @param lengthBytes the size of the result, known from the page header.
   */
  block(codec: CompressionCodec, bytes: Uint8Array, lengthBytes: number): Uint8Array
  /** Starts to decompress a stream, as a whole file. */
  stream(codec: CompressionCodec): Decompression
}

/** A stream being decompressed. Calls come one after another. */
export interface Decompression {
  /** Takes compressed bytes and returns what they give, which may be nothing yet. */
  write(bytes: Uint8Array): Promise<Uint8Array>
  /** No bytes come any more: returns the rest. Rejects if the stream ends too early. */
  end(): Promise<Uint8Array>
  close(): void
}
