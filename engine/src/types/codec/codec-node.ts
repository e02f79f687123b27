import type { TypeSerializer } from '../type-serializer.ts'

/**
 * What generated code has to know of a declared type. It holds no values and, of users' text,
 * nothing but names of fields that are identifiers.
 */
export type CodecNode =
  | { readonly kind: 'int' | 'number' | 'string' }
  /** Whatever is written and read by a call of its serializer. */
  | { readonly kind: 'leaf'; readonly serializer: TypeSerializer<unknown> }
  | { readonly kind: 'row'; readonly fields: readonly CodecField[] }
  | { readonly kind: 'tuple'; readonly elements: readonly CodecNode[] }
  | { readonly kind: 'array' | 'set'; readonly element: CodecNode }
  | { readonly kind: 'map'; readonly key: CodecNode; readonly value: CodecNode }
  | { readonly kind: 'nullable' | 'optional'; readonly value: CodecNode }

/** A field of a row. */
export interface CodecField {
  readonly name: string
  readonly isOptional: boolean
  readonly node: CodecNode
}

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/

/** True if generated code may contain a name. */
export function isPlainName(name: string): boolean {
  return IDENTIFIER.test(name)
}
