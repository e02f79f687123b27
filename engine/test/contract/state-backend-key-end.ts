import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KeyedStateBackend } from '../../src/state/keyed-state-backend.ts'
import type { Namespace } from '../../src/state/namespace.ts'
import { listState, mapState, valueState } from '../../src/state/state-descriptor.ts'
import { types } from '../../src/types/types.ts'
import { makeBackend } from './state-backend-cases.ts'
import { type BackendFactory, ManualTime } from './state-cluster.ts'

/** Something that is done while a key is current. */
type Step =
  | { readonly kind: 'value' | 'list' | 'map' | 'window'; readonly n: number }
  | { readonly kind: 'event' | 'processing'; readonly atMs: number; readonly window: string }

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('value' as const, 'list' as const, 'map' as const, 'window' as const),
      n: fc.nat(3),
    }),
    fc.record({
      kind: fc.constantFrom('event' as const, 'processing' as const),
      atMs: fc.nat(9),
      window: fc.constantFrom('', 'w'),
    }),
  ),
  { maxLength: 12 },
)

/** Carries out steps, and writes down all that can be seen of the state and the timers. */
class Diary {
  readonly lines: string[] = []
  readonly time = new ManualTime()
  readonly #backend: KeyedStateBackend
  readonly #run: (step: Step) => void

  constructor(make: BackendFactory) {
    const backend = makeBackend(make, { processingTime: this.time })
    this.#backend = backend
    const value = backend.getState(valueState('value', { type: types.int }))
    const list = backend.getListState(listState('list', { type: types.int }))
    const map = backend.getMapState(mapState('map', { keyType: types.int, type: types.int }))
    const table = backend.table('table', types.int)
    const see = (what: string): void => {
      const windows = [...table.namespaces()].map((one) => `${one}=${table.get(one)}`)
      const seen = [value.value(), [...list.get()], [...map.entries()], windows]
      this.lines.push(`${what} ${service.currentWatermarkMs} ${JSON.stringify(seen)}`)
    }
    const onTimer = (sign: string) => (atMs: number, window: Namespace) => {
      see(`${sign} ${atMs} ${window} of ${backend.currentKey}`)
      // Timers that timers register: of event time they fire too, of processing time they do not.
      if (sign === 'E' && atMs < 3) service.registerEventTimeTimer('', atMs + 20)
      if (sign === 'P' && atMs === 5) service.registerEventTimeTimer('', 50)
      service.registerProcessingTimeTimer('', atMs + 100)
      list.add(atMs)
    }
    const onEventTimer = onTimer('E')
    const onProcessingTimer = onTimer('P')
    const service = backend.timerService('timers', { onEventTimer, onProcessingTimer })
    this.#run = (step) => {
      switch (step.kind) {
        case 'value':
          value.update(step.n)
          break
        case 'list':
          list.add(step.n)
          break
        case 'map':
          map.put(step.n, step.n)
          break
        case 'window':
          table.put(`w${step.n}`, step.n)
          break
        case 'event':
          service.registerEventTimeTimer(step.window, step.atMs)
          break
        case 'processing':
          service.registerProcessingTimeTimer(step.window, step.atMs)
      }
      see(step.kind)
    }
  }

  /** One key from its first record to its end. */
  key(key: string, doing: readonly Step[]): void {
    this.#backend.setCurrentKey(key)
    for (const step of doing) this.#run(step)
    this.#backend.endKey()
    expect(this.#backend.size).toEqual({ entries: 0, timers: 0 })
    expect(this.time.waitingCount).toBe(0)
  }
}

/** Cases of input that comes one key at a time. */
export function keyEndCases(make: BackendFactory): void {
  test('BAT-07 after the end of a key the next finds a backend as good as new', () => {
    const property = fc.property(fc.array(steps, { maxLength: 6 }), (keys) => {
      const shared = new Diary(make)
      const fresh: string[] = []
      keys.forEach((doing, index) => {
        shared.key(`key ${index}`, doing)
        const alone = new Diary(make)
        alone.key(`key ${index}`, doing)
        fresh.push(...alone.lines)
      })
      expect(shared.lines).toEqual(fresh)
    })
    fc.assert(property, { seed: 7, numRuns: 200 })
  })

  test('BAT-07 event-time timers fire in order, then processing-time ones, each once', () => {
    const diary = new Diary(make)
    diary.key('a', [
      { kind: 'processing', atMs: 9, window: '' },
      { kind: 'event', atMs: 8, window: 'w' },
      { kind: 'processing', atMs: 5, window: '' },
      { kind: 'event', atMs: 2, window: '' },
    ])
    const fired = diary.lines.slice(4).map((line) => line.split(' ').slice(0, 2).join(' '))
    expect(fired).toEqual(['E 2', 'E 8', 'E 22', 'P 5', 'P 9', 'E 50'])
  })
}
