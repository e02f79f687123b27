import type { ByteReader } from '../../base/byte-reader.ts'
import type { ByteWriter } from '../../base/byte-writer.ts'
import { type Namespace, VOID_NAMESPACE } from '../namespace.ts'

const VOID_TAG = 0
const TEXT_TAG = 1
const INTEGER_TAG = 2
const DOUBLE_TAG = 3

/** Appends a namespace: a tag, and the text, integer (zigzag) or double it names. */
export function writeNamespace(namespace: Namespace, output: ByteWriter): void {
  if (namespace === VOID_NAMESPACE) output.u8(VOID_TAG)
  else if (typeof namespace === 'string') {
    output.u8(TEXT_TAG)
    output.string(namespace)
  } else if (Number.isSafeInteger(namespace)) {
    output.u8(INTEGER_TAG)
    output.zigzag(namespace)
  } else {
    output.u8(DOUBLE_TAG)
    output.f64(namespace)
  }
}

/** Reads what {@link writeNamespace} wrote. @throws CORRUPT_DATA for an unknown tag. */
export function readNamespace(input: ByteReader): Namespace {
  const tag = input.u8()
  switch (tag) {
    case VOID_TAG:
      return VOID_NAMESPACE
    case TEXT_TAG:
      return input.string()
    case INTEGER_TAG:
      return input.zigzag()
    case DOUBLE_TAG:
      return input.f64()
    default:
      throw input.corrupt(`the namespace tag ${tag}`)
  }
}
