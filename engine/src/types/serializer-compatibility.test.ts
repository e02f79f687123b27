import { describe, expect, it } from 'vitest'
import { resolveCompatibility } from './serializer-compatibility.ts'
import type { TypeInformation } from './type-information.ts'
import { TypeRegistry } from './type-registry.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { types } from './types.ts'

class Point {}

function pointType(version: number): ReturnType<typeof types.custom<Point>> {
  return types.custom<Point>({
    name: 'point',
    version,
    accepts: (value) => value instanceof Point,
    serialize: () => {},
    deserialize: () => new Point(),
  })
}

/** As it comes back from a snapshot: through JSON. */
function stored(type: TypeInformation<unknown>): SerializerSnapshot {
  return JSON.parse(JSON.stringify(type.serializer.snapshot))
}

function judge(older: TypeInformation<unknown>, current: TypeInformation<unknown>): string {
  const judged = resolveCompatibility(stored(older), current.serializer)
  return judged === 'compatible' ? judged : judged.incompatible
}

const row = types.row({ id: types.string, n: types.optional(types.array(types.int)) })

describe('resolveCompatibility', () => {
  it.each<[TypeInformation<unknown>]>([
    [types.string],
    [row],
    [types.map(types.string, types.tuple(types.date, types.nullable(types.bytes)))],
    [types.oneOf(types.literal('a', 'b'), types.set(types.bigint))],
    [types.generic(new TypeRegistry().register(Point, pointType(2)))],
    [pointType(3)],
  ])('takes a type for compatible with itself', (type) => {
    expect(judge(type, type)).toBe('compatible')
  })

  it.each<[string, TypeInformation<unknown>, TypeInformation<unknown>]>([
    ['the value was string and is now number', types.string, types.number],
    ['field .n is gone', row, types.row({ id: types.string })],
    ['field .id is new', types.row({}), types.row({ id: types.string })],
    [
      'field .n is no longer optional',
      row,
      types.row({ id: types.string, n: types.array(types.int) }),
    ],
    [
      '.n.element was int and is now number',
      row,
      types.row({ id: types.string, n: types.optional(types.array(types.number)) }),
    ],
    [
      'field .a was declared at place 0, now not',
      types.row({ a: types.int, b: types.int }),
      types.row({ b: types.int, a: types.int }),
    ],
    ['.elements[1] was undefined', types.tuple(types.int), types.tuple(types.int, types.int)],
    ['.values[1] was "b" and is now "c"', types.literal('a', 'b'), types.literal('a', 'c')],
    ['the value (point) has version 1 and is now 2', pointType(1), pointType(2)],
    [
      'field .element.row is gone',
      types.array(types.row({ row: types.int })),
      types.array(types.row({})),
    ],
  ])('says: %s', (reason, older, current) => {
    const shown = judge(older, current)
    expect(shown.startsWith(reason), shown).toBe(true)
  })

  it('lets classes be added to generic data, not dropped or changed', () => {
    const without = types.generic()
    const one = types.generic(new TypeRegistry().register(Point, pointType(1)))
    const two = types.generic(new TypeRegistry().register(Point, pointType(2)))
    expect(judge(without, one)).toBe('compatible')
    expect(judge(one, without)).toBe('class point in the value is no longer registered')
    expect(judge(one, two)).toBe('class point in the value has version 1 and is now 2')
  })
})
