// Says whether an installation still fits the files that it was made from: by content, never by time.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One hash over files and further facts. A missing file is a fact too.
 *
 * @param {string} root the folder that `files` are relative to
 * @param {readonly string[]} files
 * @param {readonly string[]} facts
 * @returns {string}
 */
export function fingerprint(root, files, facts) {
  const hash = createHash('sha256')
  for (const fact of facts) hash.update(`fact ${fact}\n`)
  for (const file of [...files].sort()) {
    const path = join(root, file)
    const content = existsSync(path)
      ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n')
      : undefined
    hash.update(
      content === undefined ? `no ${file}\n` : `file ${file} ${content.length}\n${content}\n`,
    )
  }
  return hash.digest('hex')
}

/**
 * The folders listed under `packages:` in a pnpm-workspace.yaml that lists plain folders.
 *
 * @param {string} yaml
 * @returns {string[]}
 */
export function workspaceFolders(yaml) {
  const folders = []
  let inside = false
  for (const line of yaml.split(/\r?\n/)) {
    if (/^packages:\s*$/.test(line)) inside = true
    else if (/^\S/.test(line) && !line.startsWith('#')) inside = false
    else if (inside) {
      const folder = /^\s+-\s+['"]?([^'"#\s]+)['"]?/.exec(line)?.[1]
      if (folder !== undefined) folders.push(folder)
    }
  }
  return folders
}

/**
 * The first line of a stamp file, or undefined when there is none.
 *
 * @param {string} path
 * @returns {string | undefined}
 */
export function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
}
