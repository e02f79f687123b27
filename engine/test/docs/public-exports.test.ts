/// <reference types="node" />
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { publicExports } from '../../../scripts/checks/public-exports.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const exported = publicExports(ROOT)

/** Where to look, for the message. */
function placeOf({ listedIn, line, name }: (typeof exported)[number]): string {
  return `${name} (${listedIn}:${line})`
}

describe('every export of a subpath', () => {
  it('is seen by this suite', () => {
    const specifiers = new Set(exported.map(({ specifier }) => specifier))
    expect([...specifiers].sort()).toEqual([
      '@millrace/engine',
      '@millrace/engine/connector/avro',
      '@millrace/engine/connector/file',
      '@millrace/engine/dataset',
      '@millrace/engine/spi',
      '@millrace/engine/testing',
    ])
    expect(exported.length).toBeGreaterThan(150)
  })

  it('has a doc comment whose first sentence ends', () => {
    const undocumented = exported.filter(
      ({ docComment }) => !/^[^@].*?[.:]/s.test(docComment ?? ''),
    )
    expect(undocumented.map(placeOf)).toEqual([])
  })

  it('has a runnable example, unless it is a type', () => {
    const without = exported.filter(
      ({ isType, docComment }) =>
        !isType && !/^\s*```(?:ts|typescript)\s*$/m.test(docComment ?? ''),
    )
    expect(without.map(placeOf)).toEqual([])
  })

  it('has a stability tag', () => {
    const untagged = exported.filter(({ stability }) => stability === undefined)
    expect(untagged.map(placeOf)).toEqual([])
  })
})
