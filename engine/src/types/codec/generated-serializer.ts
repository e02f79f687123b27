import type { ByteReader } from '../../base/byte-reader.ts'
import type { ByteWriter } from '../../base/byte-writer.ts'
import { runGenerated } from '../../base/generated-code.ts'
import { EntryOrderCheck, sortEntries } from '../sorted-entries.ts'
import type { SerializerSnapshot, TypeSerializer } from '../type-serializer.ts'
import { CodeText } from './code-text.ts'
import type { CodecNode } from './codec-node.ts'
import { addReading } from './reader-text.ts'
import { readBitmap } from './row-bitmap.ts'
import { addWriting } from './writer-text.ts'

/** Code beyond this length is not compiled well; the twin serves such types. */
const MAX_CODE_LENGTH = 64 * 1024

/** Writes a value, or returns false where that is not for it to do. */
type Write = (value: unknown, output: ByteWriter) => boolean
type Read = (input: ByteReader) => unknown

/**
 * The serializer of a declared type as code made for this type: no loops over fields, no calls
 * through tables, so that the compiler sees one shape of record. It writes the same bytes and
 * throws the same errors as the interpreted serializer, its twin, which serves where code may not
 * be generated. What the code does not expect, it leaves to the twin. The cases `row-*` of the
 * benchmarks guard it.
 *
 * The code is a function of the type alone, and made when the first value comes.
 */
export class GeneratedSerializer<T> implements TypeSerializer<T> {
  readonly #twin: TypeSerializer<T>
  readonly #node: CodecNode
  #write: Write | undefined
  #read: Read | undefined

  constructor(twin: TypeSerializer<T>, node: CodecNode) {
    this.#twin = twin
    this.#node = node
  }

  get snapshot(): SerializerSnapshot {
    return this.#twin.snapshot
  }

  serialize(value: T, output: ByteWriter): void {
    this.#write ??= makeWrite(this.#node)
    const start = output.length
    if (this.#write(value, output)) return
    output.truncate(start)
    this.#twin.serialize(value, output)
  }

  deserialize(input: ByteReader): T {
    this.#read ??= makeRead(this.#node, this.#twin as TypeSerializer<unknown>)
    return this.#read(input) as T
  }
}

function makeWrite(node: CodecNode): Write {
  const text = new CodeText()
  addWriting(node, 'value', text)
  if (text.body.length > MAX_CODE_LENGTH) return () => false
  // An error of a leaf does not know the path to it: the twin meets it again, and does.
  const body =
    text.leaves.length === 0 ? text.body : `try {\n${text.body}\n} catch { return false }`
  const code = `const { getPrototypeOf, prototype } = Object
const { isArray } = Array
const { isSafeInteger } = Number
return function serialize(value, output) {
${body}
return true
}`
  return runGenerated('writer', code, { sortEntries, ...leavesOf(text) }) as Write
}

function makeRead(node: CodecNode, twin: TypeSerializer<unknown>): Read {
  const text = new CodeText()
  const value = addReading(node, text)
  if (text.body.length > MAX_CODE_LENGTH) return (input) => twin.deserialize(input)
  const code = `return function deserialize(input) {
${text.body}
return ${value}
}`
  const parameters = { EntryOrderCheck, readBitmap, ...leavesOf(text) }
  return runGenerated('reader', code, parameters) as Read
}

function leavesOf({ leaves }: CodeText): Record<string, TypeSerializer<unknown>> {
  return Object.fromEntries(leaves.map((leaf, index) => [`leaf${index}`, leaf]))
}
