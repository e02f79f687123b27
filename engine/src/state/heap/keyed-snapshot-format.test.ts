import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteWriter } from '../../base/byte-writer.ts'
import {
  headroomOf,
  readKeyedSection,
  type SectionPart,
  writeKeyedSection,
} from './keyed-snapshot-format.ts'

const part = fc.record({
  name: fc.oneof(fc.string(), fc.string({ unit: 'binary', minLength: 90, maxLength: 200 })),
  kind: fc.constantFrom('value', 'aggregating', 'timers'),
  serializers: fc.oneof(fc.constant('{}'), fc.string({ unit: 'grapheme', maxLength: 300 })),
  count: fc.maxSafeNat(),
  bytes: fc.uint8Array({ maxLength: 300 }),
})
const section = fc.record({
  maxParallelism: fc.maxSafeNat(),
  keyGroup: fc.maxSafeNat(),
  tables: fc.array(part, { maxLength: 3 }),
  timerServices: fc.array(part, { maxLength: 2 }),
})

/** The part with its entries behind the headroom of a writer. */
function inWriter(part: SectionPart): SectionPart {
  const writer = new ByteWriter()
  writer.room(headroomOf(part))
  writer.extend(headroomOf(part))
  writer.bytes(part.bytes)
  return { ...part, bytes: writer.view().subarray(headroomOf(part)), writer }
}

test('a section made around the entries of its first table has the bytes of one made of copies', () => {
  fc.assert(
    fc.property(section, (parts) => {
      const copied = writeKeyedSection(parts)
      expect(readKeyedSection(copied)).toEqual(parts)
      const inPlace = writeKeyedSection({ ...parts, tables: parts.tables.map(inWriter) })
      expect(inPlace).toEqual(copied)
    }),
    { seed: 20261128, numRuns: 500 },
  )
})
