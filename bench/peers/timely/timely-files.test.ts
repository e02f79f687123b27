import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CRATE, TIMELY } from './timely-files.ts'

describe('the crate of the program for timely', () => {
  const { package: name, version, sha256 } = TIMELY

  it('is built with the timely of versions.json', () => {
    const lock = readFileSync(join(CRATE, 'Cargo.lock'), 'utf8')
    const locked = lock.split('[[package]]').find((one) => one.includes(`name = "${name}"\n`))
    expect(locked).toContain(`version = "${version}"\n`)
    expect(locked).toContain(`checksum = "${sha256}"\n`)
    expect(readFileSync(join(CRATE, 'Cargo.toml'), 'utf8')).toContain(`version = "=${version}"`)
  })
})
