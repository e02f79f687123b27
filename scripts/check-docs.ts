// Checks what the Markdown files say about the rest: `node scripts/check-docs.ts [--write]`.
// Rules: example (README shows a program that exists), link.
// `--write` first brings the example up to date.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listFiles } from './checks/source-tree.ts'
import { reportViolations, type Violation } from './checks/violation.ts'

/** The program that README.md shows. A `//#region readme` in it limits what is shown. */
const EXAMPLE = 'engine/examples/flight-delays.ts'
const BEGIN = '<!-- flight-delays:begin -->'
const END = '<!-- flight-delays:end -->'

/** Checks the Markdown files of a repository. */
export function checkDocs(root: string): readonly Violation[] {
  const files = listFiles(
    root,
    '.',
    (file) => file.endsWith('.md') && !file.startsWith('bench/results/'),
  )
  return [...checkExample(root), ...files.flatMap((file) => checkLinks(root, file))]
}

/**
 * README.md with the example as it is now.
 *
 * @returns undefined when README.md has no place for it or there is no example
 */
export function readmeWithExample(root: string): string | undefined {
  const readme = readText(root, 'README.md')
  const example = readText(root, EXAMPLE)
  const begin = readme?.indexOf(BEGIN) ?? -1
  const end = readme?.indexOf(END) ?? -1
  if (readme === undefined || example === undefined || begin === -1 || end < begin) return undefined
  const block = `\`\`\`ts\n${shownPart(example)}\n\`\`\``
  if (readme.slice(begin + BEGIN.length, end).trim() === block) return readme
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${block}\n\n${readme.slice(end)}`
}

function checkExample(root: string): readonly Violation[] {
  const readme = readText(root, 'README.md')
  const expected = readmeWithExample(root)
  if (expected !== undefined && readme === expected) return []
  const line = (readme?.split('\n').findIndex((text) => text.includes(BEGIN)) ?? 0) + 1
  const message =
    expected === undefined
      ? `needs ${BEGIN} and ${END}, and the program ${EXAMPLE} to show between them`
      : `does not show ${EXAMPLE} as it is; run "node scripts/check-docs.ts --write"`
  return [{ file: 'README.md', line: Math.max(line, 1), rule: 'example', message }]
}

function shownPart(example: string): string {
  const region = /^[ \t]*\/\/ ?#region readme\n([\s\S]*?)^[ \t]*\/\/ ?#endregion/m.exec(example)
  return (region?.[1] ?? example).trim()
}

/** Relative links lead to files that exist. Code is not looked at. */
function checkLinks(root: string, file: string): readonly Violation[] {
  const text = readText(root, file) ?? ''
  const prose = text.replace(/^(```|~~~)[\s\S]*?^\1|`[^`\n]*`/gm, (code) =>
    code.replace(/[^\n]/g, ' '),
  )
  const violations: Violation[] = []
  for (const match of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    const target = match[1]!.replace(/#.*$/, '')
    if (target === '' || /^[a-z]+:/.test(target) || target.startsWith('/')) continue
    if (existsSync(join(root, dirname(file), decodeURI(target)))) continue
    const line = prose.slice(0, match.index).split('\n').length
    violations.push({ file, line, rule: 'link', message: `${target} does not exist` })
  }
  return violations
}

function readText(root: string, file: string): string | undefined {
  const path = join(root, file)
  return existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : undefined
}

if (import.meta.main) {
  const root = dirname(import.meta.dirname)
  if (process.argv.includes('--write')) {
    const readme = readmeWithExample(root)
    if (readme !== undefined) writeFileSync(join(root, 'README.md'), readme)
  }
  reportViolations('docs', checkDocs(root))
}
