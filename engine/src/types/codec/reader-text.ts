/**
 * The code that reads the values of a type: the calls of its interpreted serializer, in its order,
 * without its loops over fields. So whatever is wrong with bytes is found at the same place, by the
 * same check.
 */
import type { CodeText } from './code-text.ts'
import type { CodecField, CodecNode } from './codec-node.ts'

/** Adds the lines that read a value from `input`. @returns the expression of the value */
export function addReading(node: CodecNode, text: CodeText): string {
  switch (node.kind) {
    case 'int':
      return text.constant('input.zigzag()')
    case 'number':
      return text.constant('input.f64()')
    case 'string':
      return text.constant('input.string()')
    case 'leaf':
      return text.constant(`${text.leaf(node.serializer)}.deserialize(input)`)
    case 'row':
      return addRow(node.fields, text)
    case 'tuple':
      return text.constant(`[${node.elements.map((each) => addReading(each, text)).join(', ')}]`)
    case 'array': {
      const list = addLoop('[]', text)
      text.add(`${list}.push(${addReading(node.element, text)})`, '}')
      return list
    }
    case 'set':
      return addSorted('Set', 'a set with one element twice', text, (set) => {
        text.add(`${set}.add(${addReading(node.element, text)})`)
      })
    case 'map':
      return addSorted('Map', 'a map with one key twice', text, (map) => {
        const key = addReading(node.key, text)
        text.add(`${map}.set(${key}, ${addReading(node.value, text)})`)
      })
    case 'nullable':
      return addChoice('null', node.value, text)
    case 'optional':
      return addChoice('undefined', node.value, text)
  }
}

function addRow(fields: readonly CodecField[], text: CodeText): string {
  const optionalCount = fields.filter(({ isOptional }) => isOptional).length
  const bitmap = optionalCount === 0 ? '' : text.constant(`readBitmap(input, ${optionalCount})`)
  const sure = fields.findIndex(({ isOptional }) => isOptional)
  const first = fields.slice(0, sure < 0 ? fields.length : sure)
  const parts = first.map(({ name, node }) => `${JSON.stringify(name)}: ${addReading(node, text)}`)
  const row = text.constant(`{ ${parts.join(', ')} }`)
  let bit = 0
  for (const { name, isOptional, node } of fields.slice(first.length)) {
    if (isOptional) text.add(`if ((${bitmap}[${bit >> 3}] & ${1 << (bit++ & 7)}) !== 0) {`)
    text.add(`${row}[${JSON.stringify(name)}] = ${addReading(node, text)}`)
    if (isOptional) text.add('}')
  }
  return row
}

/** Opens a loop over as many elements as there are, for which `made` is filled. */
function addLoop(made: string, text: CodeText): string {
  const count = text.constant('input.count()')
  const list = text.constant(made)
  const index = text.variable()
  text.add(`for (let ${index} = 0; ${index} < ${count}; ${index}++) {`)
  return list
}

/** Entries in the order of their bytes, each once. */
function addSorted(
  of: 'Map' | 'Set',
  twice: string,
  text: CodeText,
  addEntry: (made: string) => void,
): string {
  const count = text.constant('input.count()')
  const made = text.constant(`new ${of}()`)
  const order = text.constant('new EntryOrderCheck(input)')
  const index = text.variable()
  text.add(`for (let ${index} = 0; ${index} < ${count}; ${index}++) {`)
  addEntry(made)
  text.add(
    `${order}.next()`,
    '}',
    `if (${made}.size !== ${count}) throw input.corrupt(${JSON.stringify(twice)})`,
  )
  return made
}

function addChoice(nothing: 'null' | 'undefined', node: CodecNode, text: CodeText): string {
  const made = text.variable()
  const byte = text.constant('input.u8()')
  text.add(
    `let ${made} = ${nothing}`,
    `if (${byte} !== 0) {`,
    `if (${byte} > 1) throw input.corrupt(\`byte \${${byte}}, where 0 is ${nothing} and 1 a value\`)`,
  )
  text.add(`${made} = ${addReading(node, text)}`, '}')
  return made
}
