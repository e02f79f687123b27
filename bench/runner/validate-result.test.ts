import { describe, expect, it } from 'vitest'
import { resultWith, sampleWith } from './sample-fixture.ts'
import { resultFault, resultFileFault } from './validate-result.ts'

/** What a result file holds: plain JSON. */
function plain(): Record<string, never> {
  return JSON.parse(JSON.stringify(resultWith()))
}

describe('resultFault', () => {
  it('accepts what makeResult makes', () => {
    expect(resultFault(plain())).toBeUndefined()
  })

  it.each([
    [{ schemaVersion: 2 }, 'schemaVersion must be one of 1'],
    [{ suite: '' }, 'suite must be a text'],
    [{ dirty: 'no' }, 'dirty must be true or false'],
    [{ median: Number.NaN }, 'median must be a finite number, 0 or more'],
    [{ mad: -1 }, 'mad must be a finite number, 0 or more'],
    [{ unit: 'furlongs' }, 'unit must be one of'],
    [{ startedAt: 'yesterday' }, 'startedAt must be a UTC time'],
    [{ samples: [] }, 'samples must not be empty'],
    [{ samples: [sampleWith(), { ...sampleWith(), void: 3 }] }, 'samples/1/void must be a text'],
    [{ settings: { flags: [] } }, 'settings/flags must be a text, a number, true or false'],
    [{ machine: { ...resultWith().machine, host: 'a' } }, 'machine/host is not in the schema'],
    [{ verification: { status: 'maybe' } }, 'verification/status must be one of'],
    [{ latencyMs: {} }, 'latencyMs/p50 must be a finite number'],
    [{ notes: 'none' }, 'notes must be a list'],
    [{ extra: 1 }, 'extra is not in the schema'],
  ])('refuses %j', (fields, fault) => {
    expect(resultFault({ ...plain(), ...fields })).toContain(fault)
  })

  it('misses a field that is left out', () => {
    for (const name of Object.keys(plain())) {
      const { [name]: _, ...rest } = plain()
      expect(resultFault(rest), name).toMatch(new RegExp(`^${name} must`))
    }
  })
})

describe('resultFileFault', () => {
  it('wants a list of results', () => {
    expect(resultFileFault([plain(), plain()])).toBeUndefined()
    expect(resultFileFault([])).toBe('must hold at least one result')
    expect(resultFileFault(plain())).toBe('must be a list')
    expect(resultFileFault([plain(), { ...plain(), median: null }])).toMatch(/^1\/median must/)
  })
})
