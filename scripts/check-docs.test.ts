import { describe, expect, it } from 'vitest'
import { checkDocs, readmeWithExample } from './check-docs.ts'
import { plantRepository } from './checks/planted-repository.ts'
import { formatViolation } from './checks/violation.ts'

const markers = (text: string): string =>
  `# A\n<!-- flight-delays:begin -->${text}<!-- flight-delays:end -->\n`

function check(files: Record<string, string>): string[] {
  const planted = plantRepository(files)
  return checkDocs(planted).map(formatViolation)
}

describe('the example in README.md', () => {
  const program = 'engine/examples/flight-delays.ts'

  it('is accepted when it is the program, or its region', () => {
    const shown = markers('\n```ts\nrun()\n```\n')
    expect(check({ 'README.md': shown, [program]: 'run()\n' })).toEqual([])
    const region = 'before()\n//#region readme\nrun()\n//#endregion\nafter()\n'
    expect(check({ 'README.md': shown, [program]: region })).toEqual([])
  })

  it('is refused when it is stale, and can be written anew', () => {
    const files = { 'README.md': markers('\n```ts\nold()\n```\n'), [program]: 'run()\n' }
    expect(check(files)).toEqual([expect.stringContaining('README.md:2 example: does not show')])
    expect(readmeWithExample(plantRepository(files))).toBe(markers('\n\n```ts\nrun()\n```\n\n'))
  })

  it('is refused when the program or its place is missing', () => {
    expect(check({ 'README.md': markers('') })[0]).toContain('README.md:2 example: needs')
    expect(check({ 'README.md': '# A\n', [program]: 'run()\n' })[0]).toContain('example: needs')
  })
})

describe('links', () => {
  const links = (files: Record<string, string>): string[] =>
    check(files).filter((line) => line.includes(' link: '))

  it('are refused when they lead nowhere', () => {
    const text = 'a\n[b](./missing.md) and [c](docs/a.md#part)'
    expect(links({ 'A.md': text, 'docs/a.md': '[up](../A.md) [gone](A.md)' })).toEqual([
      'A.md:2 link: ./missing.md does not exist',
      'docs/a.md:1 link: A.md does not exist',
    ])
  })

  it('are not looked for in code, in other places and in anchors', () => {
    const text = '`[a](b)`\n```md\n[a](b)\n```\n[x](https://example.org/a) [y](#z) [s](/docs/)'
    expect(links({ 'A.md': text })).toEqual([])
  })
})
