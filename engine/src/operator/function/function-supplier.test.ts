import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { functionSupplier, perSubtask } from './function-supplier.ts'

describe('the function of each subtask', () => {
  test('is the function itself if it is a plain one', () => {
    const fn = (): number => 1
    expect(functionSupplier(fn)()).toBe(fn)
  })

  test('is a copy of an object, with its own fields', () => {
    class Buffering {
      buffer: number[] = []
      seen = new Map<string, number[]>()
      add(n: number): number {
        this.buffer.push(n)
        this.seen.set('a', this.buffer)
        return this.buffer.length
      }
    }
    const original = new Buffering()
    const make = functionSupplier(original)
    const [first, second] = [make(), make()]
    expect([first.add(1), first.add(2), second.add(3)]).toEqual([1, 2, 1])
    expect(original.buffer).toEqual([])
    expect(first).toBeInstanceOf(Buffering)
    original.add(9) // what the program does to it later reaches no subtask
    expect(make().buffer).toEqual([])
  })

  test('keeps shared references, cycles and frozen constants', () => {
    const tag = Object.freeze({ id: 'late' })
    const list: unknown[] = []
    const original = { tag, list, same: list, self: undefined as unknown }
    original.self = original
    const copy = functionSupplier(original)()
    expect(copy.tag).toBe(tag)
    expect(copy.list).not.toBe(list)
    expect(copy.same).toBe(copy.list)
    expect(copy.self).toBe(copy)
  })

  test('is refused if it has private fields, which no copy would have', () => {
    class Base {
      #factor = 2
      map(n: number): number {
        return n * this.#factor
      }
    }
    class Derived extends Base {}
    const refusal = expect.objectContaining({
      code: ErrorCode.INVALID_PROGRAM,
      message: expect.stringContaining('perSubtask(() => new Base(...))'),
    })
    expect(() => functionSupplier(new Base())).toThrow(refusal)
    expect(() => functionSupplier(new Derived())).toThrow(refusal)
    const make = functionSupplier(perSubtask(() => new Base()))
    expect(make().map(2)).toBe(4)
    expect(make()).not.toBe(make())
  })
})
