import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinBytes, lengthOf } from '../../base/join-bytes.ts'
import { type KeyedSection, readKeyedSection, writeKeyedSection } from './keyed-snapshot-format.ts'

const part = fc.record({
  name: fc.oneof(fc.string(), fc.string({ unit: 'binary', minLength: 90, maxLength: 200 })),
  kind: fc.constantFrom('value', 'aggregating', 'timers'),
  serializers: fc.oneof(fc.constant('{}'), fc.string({ unit: 'grapheme', maxLength: 300 })),
  count: fc.maxSafeNat(),
  pieces: fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 4 }),
})
const section = fc.record({
  maxParallelism: fc.maxSafeNat(),
  keyGroup: fc.maxSafeNat(),
  tables: fc.array(part, { maxLength: 3 }),
  timerServices: fc.array(part, { maxLength: 2 }),
})

/** The section with the entries of each part in one piece. */
function joined(section: KeyedSection): KeyedSection {
  const join = (parts: KeyedSection['tables']): KeyedSection['tables'] =>
    parts.map((part) => ({ ...part, pieces: [Uint8Array.from(joinBytes(part.pieces))] }))
  return { ...section, tables: join(section.tables), timerServices: join(section.timerServices) }
}

test('a section is read as it was written, in however many pieces its entries were', () => {
  fc.assert(
    fc.property(section, (written) => {
      const pieces = writeKeyedSection(written)
      expect(readKeyedSection(joinBytes(pieces))).toEqual(joined(written))
      expect(lengthOf(pieces)).toBe(joinBytes(pieces).length)
      // No entry is copied on its way.
      for (const { pieces: own } of [...written.tables, ...written.timerServices]) {
        for (const piece of own) expect(pieces).toContain(piece)
      }
    }),
    { seed: 20261128, numRuns: 500 },
  )
})
