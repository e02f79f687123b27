import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** Names what is built of these files, so that it is built again when they change. */
export function sourceHash(files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 12)
}
