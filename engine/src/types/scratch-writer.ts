import { ByteWriter } from '../base/byte-writer.ts'

let idle: ByteWriter | undefined = new ByteWriter(1024)

/** Beyond this size a buffer is given back to the platform instead of kept. */
const MAX_KEPT_BYTES = 1024 * 1024

/**
 * Lends an empty writer for bytes that are needed only for a moment. Give it back with
 * {@link returnScratch}, also when an error passes; calls may nest.
 */
export function borrowScratch(): ByteWriter {
  const writer = idle ?? new ByteWriter(256)
  idle = undefined
  return writer
}

/** Ends the use of a writer of {@link borrowScratch}: its views are no longer valid. */
export function returnScratch(writer: ByteWriter): void {
  if (writer.length > MAX_KEPT_BYTES) {
    idle = new ByteWriter(1024)
    return
  }
  writer.reset()
  idle = writer
}
