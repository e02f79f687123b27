import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HeapKeyedStateBackend } from '../../src/state/heap/heap-keyed-state-backend.ts'
import type { NamespaceView } from '../../src/state/keyed-state-backend.ts'
import type { StateSection } from '../../src/state/state-section.ts'
import { hashKey } from '../../src/types/key-hash.ts'
import { keyIdentity } from '../../src/types/key-identity.ts'
import { fold, isTally, made, type Place, type Step, severalOf, steps } from './heap-forms-steps.ts'
import { type Form, line, Subtasks } from './heap-forms-subtasks.ts'

/**
 * Maps only; typed tables from the first entry on; tables that are maps at first; tables whose
 * bytes are kept by blocks.
 */
const FORMS: readonly Form[] = [
  { mapLimit: Number.POSITIVE_INFINITY },
  { mapLimit: 0 },
  { mapLimit: 5 },
  { mapLimit: 32 },
  { mapLimit: 0, blockSlots: 2 },
  { mapLimit: 0, blockSlots: 8 },
]

/** What there is, by place, told without any of the engine's tables. */
type Model = Map<string, { readonly place: Place; readonly value: unknown }>

function cellOf({ table, namespace, key }: Place): string {
  return JSON.stringify([table, namespace, typeof key, String(keyIdentity(key))])
}

function linesOf(model: Model): string[] {
  return [...model.values()].map(({ place, value }) => line(place, value)).sort()
}

/** Runs the same steps on all forms and on the model. */
class Course {
  #forms = FORMS.map((form) => new Subtasks(form, 1, []))
  #model: Model = new Map()
  #snapshots: ReturnType<HeapKeyedStateBackend['snapshot']>[][] | undefined
  #atBarrier: string[] = []
  #last: { readonly sections: StateSection[][]; readonly model: Model } | undefined
  #modelAtBarrier: Model = new Map()
  #checkpointId = 1

  run(all: readonly Step[]): void {
    for (const step of all) {
      // To read an object is to take it into the snapshot, which would leave little for its walk,
      // and to change it, which would leave no bytes of it to the next snapshot.
      const isCompared = step.on === 'begin' && this.#checkpointId % 4 === 0
      if (isCompared && this.#snapshots === undefined) this.#compare()
      this.#take(step)
    }
    if (this.#snapshots === undefined) this.#begin()
    this.#advance(100_000)
    this.#compare()
  }

  #take(step: Step): void {
    switch (step.on) {
      case 'put':
        this.#put(step.at, () => made(step.at.table, step.value))
        break
      case 'oddPut':
        this.#put(step.at, () => step.value)
        break
      case 'fold':
        this.#fold(step.at, step.value)
        break
      case 'mutate':
        this.#mutate(step.at, step.value)
        break
      case 'remove':
        this.#remove(step.at)
        break
      case 'fill':
        for (const place of severalOf(step)) this.#put(place, () => made(place.table, 5))
        break
      case 'drain':
        for (const place of severalOf(step)) this.#remove(place)
        break
      case 'visit':
        this.#visit(step.at, step.count)
        break
      case 'removeNamespace':
        for (const form of this.#forms) form.removeNamespace(step.at)
        this.#forget(({ table, namespace }) => {
          return table === step.at.table && namespace === step.at.namespace
        })
        break
      case 'begin':
        if (this.#snapshots === undefined) this.#begin()
        break
      case 'advance':
        if (this.#snapshots !== undefined) this.#advance(step.entries)
        break
      case 'abort':
        for (const snapshot of this.#snapshots?.flat() ?? []) snapshot.abort()
        this.#snapshots = undefined
        break
      case 'restore':
        this.#restore(step.parallelism)
        break
    }
  }

  #put(place: Place, makeValue: () => unknown): void {
    for (const form of this.#forms) form.view(place).put(place.key, makeValue())
    this.#model.set(cellOf(place), { place: seen(place), value: makeValue() })
  }

  #fold(place: Place, input: number): void {
    const change = fold(place.table)
    for (const form of this.#forms) form.view(place).fold(place.key, input, change)
    const before = this.#model.get(cellOf(place))?.value
    const copied = isTally(before) ? { ...before } : before
    this.#model.set(cellOf(place), { place: seen(place), value: change(copied, input) })
  }

  /** Not what users should do, but what they do: change the object that was read. */
  #mutate(place: Place, total: number): void {
    for (const form of this.#forms) {
      const read = form.view(place).get(place.key)
      if (isTally(read)) read.total = total
    }
    const before = this.#model.get(cellOf(place))
    if (isTally(before?.value)) this.#model.set(cellOf(place), { ...before, value: { total } })
  }

  #remove(place: Place): void {
    for (const form of this.#forms) form.view(place).remove(place.key)
    this.#model.delete(cellOf(place))
  }

  /** Walks a namespace, changes what it comes by or removes it, and one it may have come by. */
  #visit(place: Place, modulo: number): void {
    const isDropped = (key: unknown): boolean => hashKey(key) % modulo === 0
    const visits = this.#forms.map((form) =>
      form.views(place.table, place.namespace).map((view) => {
        const keys: unknown[] = []
        view.forEach((key, entry) => {
          keys.push(key)
          if (isTally(entry)) entry.total = modulo
          if (isDropped(key)) view.remove(key)
          view.remove(place.key)
        })
        return keys
      }),
    )
    for (const visited of visits) expect(visited).toEqual(visits[0])
    // The one is removed if any entry of its subtask was there to be visited.
    const subtask = this.#forms[0]?.subtaskOf(place.key) ?? 0
    const isVisited = (visits[0]?.[subtask]?.length ?? 0) > 0
    this.#forget(({ table, namespace, key }) => {
      if (table !== place.table || namespace !== place.namespace) return false
      return isDropped(key) || (isVisited && Object.is(keyIdentity(key), keyIdentity(place.key)))
    })
    for (const [cell, { place: one, value }] of this.#model) {
      if (one.table !== place.table || one.namespace !== place.namespace) continue
      if (isTally(value)) this.#model.set(cell, { place: one, value: { total: modulo } })
    }
  }

  #forget(isGone: (place: Place) => boolean): void {
    for (const [cell, { place }] of this.#model) if (isGone(place)) this.#model.delete(cell)
  }

  #begin(): void {
    const checkpointId = this.#checkpointId++
    this.#snapshots = this.#forms.map((form) =>
      form.backends.map((backend) => backend.snapshot(checkpointId)),
    )
    this.#atBarrier = linesOf(this.#model)
    this.#modelAtBarrier = new Map(this.#model)
  }

  /** The main property: the snapshot of each form is the state at the barrier. */
  #advance(entries: number): void {
    const unfinished = this.#snapshots?.flat().filter((snapshot) => !snapshot.advance(entries))
    if (unfinished?.length !== 0) return
    const all = this.#snapshots?.map((form) => form.map((one) => [...one.sections()])) ?? []
    this.#snapshots = undefined
    for (const [form, sections] of all.entries()) {
      const restored = new Subtasks(FORMS[form] as Form, (this.#checkpointId % 3) + 1, sections)
      expect(restored.contents().sort().join('\n')).toBe(this.#atBarrier.join('\n'))
    }
    const sections = all[this.#checkpointId % all.length] as StateSection[][]
    this.#last = { sections, model: this.#modelAtBarrier }
  }

  /** All forms go on from the snapshot of one of them. */
  #restore(parallelism: number): void {
    if (this.#last === undefined) return
    const { sections, model } = this.#last
    this.#snapshots = undefined
    this.#forms = FORMS.map((form) => new Subtasks(form, parallelism, sections))
    this.#model = new Map(model)
  }

  #compare(): void {
    const [twin, ...typed] = this.#forms.map((form) => form.contents())
    for (const lines of typed) expect(lines.join('\n')).toBe(twin?.join('\n'))
    expect(twin?.sort().join('\n')).toBe(linesOf(this.#model).join('\n'))
    for (const form of this.#forms) {
      const entries = form.backends.map((backend) => backend.size.entries)
      expect(entries.reduce((sum, count) => sum + count)).toBe(this.#model.size)
    }
  }
}

/** The place with the key as it is handed out: an integer zero has no sign. */
function seen(place: Place): Place {
  return place.key === 0 ? { ...place, key: 0 } : place
}

const timeout = 60_000

test('all forms of tables hold the same, in the same order, and so do their snapshots', {
  timeout,
}, () => {
  fc.assert(
    fc.property(steps, (all) => new Course().run(all)),
    { seed: 20261127, numRuns: 200 },
  )
})

test('a table that grows, or loses most, while it is walked is walked to its end, once', () => {
  for (const form of FORMS) {
    const subtasks = new Subtasks(form, 1, [])
    const [backend] = subtasks.backends as [HeapKeyedStateBackend]
    const [view] = subtasks.views('tallies', '') as [NamespaceView<unknown>]
    for (let key = 0; key < 100; key++) view.put(key, { total: key })
    const snapshot = backend.snapshot(1)
    expect(snapshot.advance(30)).toBe(false)
    for (let key = 100; key < 1_000; key++) view.put(key, { total: -1 })
    expect(snapshot.advance(30)).toBe(false)
    for (let key = 0; key < 1_000; key += 2) view.fold(key, 1, fold('tallies'))
    for (let key = 5; key < 1_000; key++) view.remove(key)
    view.put(1_001, { total: -1 })
    while (!snapshot.advance(30)) {}
    const restored = new Subtasks(form, 1, [[...snapshot.sections()]])
    const expected = Array.from({ length: 100 }, (_, key) => `tallies  number ${key}: ${key}`)
    expect(restored.contents().sort()).toEqual(expected.sort())
    expect(view.size).toBe(6)
  }
})

test('a fold whose function uses the same entry leaves one entry', () => {
  for (const form of FORMS) {
    const subtasks = new Subtasks(form, 1, [])
    const [view] = subtasks.views('numbers', '') as [NamespaceView<unknown>]
    for (let key = 0; key < 40; key++) {
      view.fold(key, 1, () => {
        view.fold(key, 1, fold('numbers'))
        return 2
      })
      expect([view.get(key), view.size, subtasks.backends[0]?.size.entries]).toEqual([
        2,
        key + 1,
        key + 1,
      ])
    }
  }
})
