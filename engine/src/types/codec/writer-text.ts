/**
 * The code that writes the values of a type: the checks and bytes of its interpreted serializer in
 * straight lines. Where a value is not what the lines expect, they leave it to the interpreted
 * serializer (`return false`), which writes it after all, or knows the error and its path.
 */
import type { CodeText } from './code-text.ts'
import type { CodecField, CodecNode } from './codec-node.ts'

const FAIL = 'return false'

/** Adds the lines that write the value of a variable to `output`. */
export function addWriting(node: CodecNode, value: string, text: CodeText): void {
  switch (node.kind) {
    case 'int':
      text.add(`if (!isSafeInteger(${value})) ${FAIL}`, `output.zigzag(${value})`)
      return
    case 'number':
      text.add(`if (typeof ${value} !== 'number') ${FAIL}`, `output.f64(${value})`)
      return
    case 'string':
      text.add(`if (typeof ${value} !== 'string') ${FAIL}`, `output.string(${value})`)
      return
    case 'leaf':
      // A row may inherit a function, which is no field.
      text.add(`if (typeof ${value} === 'function') ${FAIL}`)
      text.add(`${text.leaf(node.serializer)}.serialize(${value}, output)`)
      return
    case 'row':
      addRow(node.fields, value, text)
      return
    case 'tuple':
      text.add(`if (!isArray(${value}) || ${value}.length !== ${node.elements.length}) ${FAIL}`)
      node.elements.forEach((element, index) => {
        addWriting(element, text.constant(`${value}[${index}]`), text)
      })
      return
    case 'array':
      addArray(node.element, value, text)
      return
    case 'set':
      addSorted('Set', [node.element], value, text)
      return
    case 'map':
      addSorted('Map', [node.key, node.value], value, text)
      return
    case 'nullable':
    case 'optional': {
      const nothing = node.kind === 'nullable' ? 'null' : 'undefined'
      text.add(`if (${value} === ${nothing}) output.u8(0)`, 'else {', 'output.u8(1)')
      addWriting(node.value, value, text)
      text.add('}')
    }
  }
}

function addRow(fields: readonly CodecField[], value: string, text: CodeText): void {
  text.add(`if (typeof ${value} !== 'object' || ${value} === null) ${FAIL}`)
  // The fields are read first: the compiler then knows the hidden class, and with it the prototype.
  const read = fields.map(({ name }) => text.constant(`${value}[${JSON.stringify(name)}]`))
  text.add(`if (getPrototypeOf(${value}) !== prototype) ${FAIL}`)
  const optional = read.filter((_, index) => fields[index]?.isOptional)
  const count = text.variable()
  text.add(`let ${count} = ${fields.length - optional.length}`)
  for (let first = 0; first < optional.length; first += 8) {
    const bits = text.variable()
    text.add(`let ${bits} = 0`)
    optional.slice(first, first + 8).forEach((field, bit) => {
      text.add(`if (${field} !== undefined) { ${bits} |= ${1 << bit}; ${count}++ }`)
    })
    text.add(`output.u8(${bits})`)
  }
  fields.forEach(({ isOptional, node }, index) => {
    const field = read[index] as string
    if (isOptional) text.add(`if (${field} !== undefined) {`)
    addWriting(node, field, text)
    if (isOptional) text.add('}')
  })
  text.add(`for (const _ in ${value}) ${count}--`, `if (${count} !== 0) ${FAIL}`)
}

function addArray(element: CodecNode, value: string, text: CodeText): void {
  const index = text.variable()
  text.add(
    `if (!isArray(${value})) ${FAIL}`,
    `output.varint(${value}.length)`,
    `for (let ${index} = 0; ${index} < ${value}.length; ${index}++) {`,
  )
  addWriting(element, text.constant(`${value}[${index}]`), text)
  text.add('}')
}

/** Entries in the order of their bytes, see `sortEntries`. */
function addSorted(
  of: 'Map' | 'Set',
  parts: readonly CodecNode[],
  value: string,
  text: CodeText,
): void {
  const starts = text.variable()
  const names = parts.map(() => text.variable())
  text.add(
    `if (!(${value} instanceof ${of})) ${FAIL}`,
    `output.varint(${value}.size)`,
    `const ${starts} = []`,
    `for (const ${of === 'Map' ? `[${names.join(', ')}]` : names[0]} of ${value}) {`,
    `${starts}.push(output.length)`,
  )
  parts.forEach((part, index) => {
    addWriting(part, names[index] as string, text)
  })
  text.add('}', `sortEntries(output, ${starts})`)
}
