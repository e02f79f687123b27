/**
 * The loops of a shape as straight-line code, generated once per shape and kinds of columns.
 *
 * Hot: each loop sees every record that crosses threads. Generated, because a loop over names reads
 * every record through one megamorphic access: measured, it is ten times slower. The code is a pure
 * function of the shape. It contains no text of users but field names that are identifiers, as
 * string literals; every other shape takes the interpreted loops.
 */
import { codeGenerationAllowed, runGenerated } from '../../base/generated-code.ts'
import {
  type LeafKind,
  OTHER_SHAPE,
  type ReadKind,
  type ShapeBuilder,
  type ShapeGatherer,
  type ShapeLoops,
  type ShapeMatcher,
} from './column-kind.ts'
import { interpretedLoops } from './interpreted-loops.ts'
import type { ShapeNode } from './record-shape.ts'

/** Beyond this many kinds of columns of one shape the interpreted builder serves. */
const MAX_BUILDERS = 16

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/

/** The loops of a shape, generated if its names allow it. */
export function generatedLoops(shape: ShapeNode): ShapeLoops {
  const plain = interpretedLoops(shape)
  if (!codeGenerationAllowed || !hasPlainNames(shape)) return plain
  const builders = new Map<string, ShapeBuilder>()
  return {
    matches: compile(matcherText(shape)) as ShapeMatcher,
    gatherer: (kinds) => compile(gathererText(shape, kinds)) as ShapeGatherer,
    builder(kinds) {
      const key = kinds.join()
      let builder = builders.get(key)
      if (builder === undefined) {
        if (builders.size === MAX_BUILDERS) return plain.builder(kinds)
        builder = compile(builderText(shape, kinds)) as ShapeBuilder
        builders.set(key, builder)
      }
      return builder
    },
  }
}

function compile(text: string): unknown {
  return runGenerated('columns', text)
}

function hasPlainNames(node: ShapeNode): boolean {
  switch (node.kind) {
    case 'leaf':
      return true
    case 'tuple':
      return node.items.every(hasPlainNames)
    case 'object':
      return node.fields.every(([name, field]) => IDENTIFIER.test(name) && hasPlainNames(field))
  }
}

function matcherText(shape: ShapeNode): string {
  const { lists, checks } = matching(shape, 'value', 'false')
  return `${lists}
return function matches(value) {
  ${[...checks, 'return true'].join('\n  ')}
}`
}

/**
 * How code tells whether `value` has a shape: the lists that it needs, and the statements, which
 * return `otherwise` if it has not.
 */
function matching(
  shape: ShapeNode,
  value: string,
  otherwise: string,
): { readonly lists: string; readonly checks: readonly string[] } {
  const lists = ['const { getPrototypeOf, prototype } = Object']
  const checks: string[] = []
  const refuse = `return ${otherwise}`
  let parts = 0
  const visit = (node: ShapeNode, path: string): void => {
    if (node.kind === 'leaf' && !node.wasEmpty) return
    const part = `p${parts++}`
    checks.push(`const ${part} = ${path}`)
    if (node.kind === 'leaf') {
      checks.push(`if (typeof ${part} === 'object' && ${part} !== null) ${refuse}`)
      return
    }
    if (node.kind === 'tuple') {
      const { length } = node.items
      checks.push(`if (!Array.isArray(${part}) || ${part}.length !== ${length}) ${refuse}`)
      node.items.forEach((item, index) => {
        visit(item, `${part}[${index}]`)
      })
      return
    }
    const names = node.fields.map(([name]) => JSON.stringify(name))
    lists.push(`const n${part} = [${names.join(', ')}]`)
    // A loop over the names is quicker than `Object.keys`: it makes no array. The field that is
    // read for nothing has the compiler check the hidden class; it then knows the prototype without
    // a call, which halves the time of a match.
    checks.push(
      `if (typeof ${part} !== 'object' || ${part} === null) ${refuse}`,
      ...names.slice(0, 1).map((name) => `${part}[${name}]`),
      `if (getPrototypeOf(${part}) !== prototype) ${refuse}`,
      `let c${part} = 0`,
      `for (const name in ${part}) if (name !== n${part}[c${part}++]) ${refuse}`,
      `if (c${part} !== ${names.length}) ${refuse}`,
    )
    for (const [name, field] of node.fields) visit(field, `${part}[${JSON.stringify(name)}]`)
  }
  visit(shape, value)
  return { lists: lists.join('\n'), checks }
}

function gathererText(shape: ShapeNode, kinds: readonly LeafKind[]): string {
  const { lists, checks } = matching(shape, 'rows[i]', String(OTHER_SHAPE))
  const before: string[] = []
  const body: string[] = []
  const after: string[] = []
  let leaf = 0
  let records = 0
  const visit = (node: ShapeNode, path: string): void => {
    if (node.kind === 'leaf') {
      gatherLeaf(kinds[leaf] as LeafKind, leaf, path, { before, body, after })
      leaf++
      return
    }
    const record = `r${records++}`
    body.push(`const ${record} = ${path}`)
    const parts: (readonly [string, ShapeNode])[] =
      node.kind === 'tuple'
        ? node.items.map((item, index) => [String(index), item])
        : node.fields.map(([name, field]) => [JSON.stringify(name), field])
    for (const [key, part] of parts) visit(part, `${record}[${key}]`)
  }
  visit(shape, 'rows[i]')
  return `${lists}
return function gather(rows, count, columns, isMatched) {
  ${before.join('\n  ')}
  for (let i = 0; i < count; i++) {
    if (!isMatched) {
      ${checks.join('\n      ')}
    }
    ${body.join('\n    ')}
  }
  ${after.join('\n  ')}
  return -1
}`
}

interface GatherParts {
  readonly before: string[]
  readonly body: string[]
  readonly after: string[]
}

function gatherLeaf(kind: LeafKind, leaf: number, path: string, parts: GatherParts): void {
  const { before, body, after } = parts
  body.push(`const v${leaf} = ${path}`)
  if (kind === 'number' || kind === 'string' || kind === 'boolean') {
    body.push(`if (typeof v${leaf} !== '${kind}') return ${leaf}`)
  }
  const v = `v${leaf}`
  const isNoInt = `(${v} | 0) !== ${v} || (${v} === 0 && 1 / ${v} < 0)`
  switch (kind) {
    case 'int':
      before.push(`const c${leaf} = columns.ints[${leaf}]`)
      body.push(
        `if (typeof ${v} !== 'number' || ${isNoInt}) return ${leaf}`,
        `c${leaf}[i] = v${leaf}`,
      )
      return
    case 'number':
      before.push(`const c${leaf} = columns.doubles[${leaf}]`, `let z${leaf} = true`)
      body.push(`c${leaf}[i] = v${leaf}`, `if (${isNoInt}) z${leaf} = false`)
      after.push(`columns.integers[${leaf}] = z${leaf}`)
      return
    case 'string':
      before.push(`const c${leaf} = columns.ends[${leaf}]`, `let j${leaf} = ''`)
      body.push(`j${leaf} += v${leaf}`, `c${leaf}[i] = j${leaf}.length`)
      after.push(`columns.joined[${leaf}] = j${leaf}`)
      return
    case 'same':
      before.push(`let s${leaf}`)
      body.push(
        `if (i === 0 && typeof (s${leaf} = v${leaf}) !== 'string') return ${leaf}`,
        `if (v${leaf} !== s${leaf}) return ${leaf}`,
      )
      after.push(`columns.joined[${leaf}] = s${leaf}`)
      return
    case 'boolean':
      before.push(`const c${leaf} = columns.bits[${leaf}]`)
      body.push(`c${leaf}[i] = v${leaf} ? 1 : 0`)
      return
    case 'any':
      before.push(`const c${leaf} = columns.values[${leaf}]`)
      body.push(`c${leaf}[i] = v${leaf}`)
  }
}

function builderText(shape: ShapeNode, kinds: readonly ReadKind[]): string {
  let leaf = 0
  const expression = (node: ShapeNode): string => {
    switch (node.kind) {
      case 'leaf':
        return readText(kinds[leaf] as ReadKind, leaf++)
      case 'tuple':
        return `[${node.items.map(expression).join(', ')}]`
      case 'object': {
        const fields = node.fields.map(
          ([name, field]) => `${JSON.stringify(name)}: ${expression(field)}`,
        )
        return `{ ${fields.join(', ')} }`
      }
    }
  }
  const row = expression(shape)
  const columns = kinds.slice(0, leaf).map((kind, index) => {
    if (kind === 'array') return `const c${index} = columns.arrays[${index}]`
    if (kind === 'same') return `const c${index} = columns.arrays[${index}][0]`
    return `const c${index} = columns.starts[${index}]`
  })
  return `return function build(count, columns, rows) {
  const { bytes, ints, doubles } = columns
  ${columns.join('\n  ')}
  for (let i = 0; i < count; i++) rows[i] = ${row}
}`
}

function readText(kind: ReadKind, leaf: number): string {
  switch (kind) {
    case 'int':
      return `ints[c${leaf} + i]`
    case 'double':
      return `doubles[c${leaf} + i]`
    case 'boolean':
      return `bytes[c${leaf} + i] === 1`
    case 'array':
      return `c${leaf}[i]`
    case 'same':
      return `c${leaf}`
  }
}
