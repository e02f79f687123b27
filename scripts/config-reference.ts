// Writes the table of options into the configuration reference of the site:
//   node scripts/config-reference.ts
// A test of the engine holds the two equal.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigOptions } from '../engine/src/core/config/options.ts'

const PAGE = 'site/docs/configuration.md'
const BEGIN = '<!-- options:begin -->'
const END = '<!-- options:end -->'
const LARGEST = String(Number.MAX_SAFE_INTEGER)

/** The options of the engine as a Markdown table, in the order in which they are declared. */
export function optionTable(): string {
  const rows = Object.entries(ConfigOptions).map(([name, option]) => {
    const { key, expects, initialValue, description } = option
    const isDuration = expects.startsWith('a duration')
    const takes = isDuration ? 'a duration' : expects.replace(LARGEST, '2^53 - 1')
    const unit = isDuration && initialValue !== undefined ? ' ms' : ''
    return row([`\`${key}\`<br />\`${name}\``, description, takes, shown(initialValue) + unit])
  })
  return [row(['key, and name in `ConfigOptions`', 'meaning', 'takes', 'default'])]
    .concat(row(['---', '---', '---', '---']), ...rows)
    .join('\n')
}

/**
 * The configuration reference with the table as it is now.
 *
 * @throws Error when the page has no place for it
 */
export function pageWithOptions(root: string): string {
  const page = readFileSync(join(root, PAGE), 'utf8').replaceAll('\r\n', '\n')
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin === -1 || end < begin) throw new Error(`${PAGE} needs ${BEGIN} and ${END}`)
  return `${page.slice(0, begin + BEGIN.length)}\n\n${optionTable()}\n\n${page.slice(end)}`
}

/** The configuration reference as it is in the repository. */
export function presentPage(root: string): string {
  return readFileSync(join(root, PAGE), 'utf8').replaceAll('\r\n', '\n')
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function shown(value: unknown): string {
  if (value === undefined) return 'unset'
  return value === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : `\`${String(value)}\``
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  writeFileSync(join(root, PAGE), pageWithOptions(root))
}
