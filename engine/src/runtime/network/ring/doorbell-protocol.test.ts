import { expect, test } from 'vitest'

/**
 * A model of two threads with a ring between them: each step is one access to shared memory, and
 * every order of the steps of both is run. The letters and numbers are those of `Doorbell`.
 */
const FRAMES = 4
const CAPACITY = 2
/** A writer that waits goes on when so many places are free; frames are read one by one. */
const ROOM = 2

type Step = 'work' | 'b' | 'c' | 'd' | 'e' | '1' | '2' | '3' | '4' | 'over'
type Order = Readonly<Record<'asked' | 'see', readonly Step[]>>

const ORDER: Order = { asked: ['b', 'c', 'd', 'e'], see: ['1', '2', '3', '4'] }

interface Thread {
  step: Step
  /** What a thread has moved (a) but not yet looked whether to ring for: it may do so later. */
  isDue: boolean
  bell: number
  seen: number
  asks: boolean
  sleeps: boolean
}

interface World {
  written: number
  read: number
  readonly writer: Thread
  readonly reader: Thread
}

const start: World = { written: 0, read: 0, writer: awake(), reader: awake() }

function awake(): Thread {
  return { step: 'work', isDue: false, bell: 0, seen: -1, asks: false, sleeps: false }
}

/** True if the thread has no reason to wait; one that has waited wants more room. */
function isReady({ written, read }: World, side: 'writer' | 'reader', room: number): boolean {
  return side === 'reader' ? written > read : CAPACITY - (written - read) >= room
}

/** Takes one step of a thread. @returns the worlds that may come of it */
function next(world: World, side: 'writer' | 'reader', order: Order): readonly World[] {
  const after = structuredClone(world)
  const own = after[side]
  const peer = after[side === 'writer' ? 'reader' : 'writer']
  const goOn = (list: readonly Step[]): void => {
    own.step = list[list.indexOf(own.step) + 1] ?? 'work'
  }
  switch (own.step) {
    case 'work':
      return work(after, side, order)
    case 'b': {
      const isAsked = peer.asks && (side === 'writer' || isReady(after, 'writer', ROOM))
      if (isAsked) goOn(order.asked)
      else own.step = 'work'
      return [after]
    }
    case 'c':
      peer.asks = false
      goOn(order.asked)
      return [after]
    case 'd':
      peer.bell++
      goOn(order.asked)
      return [after]
    case 'e':
      peer.sleeps = false
      goOn(order.asked)
      return [after]
    case '1':
      own.seen = own.bell
      goOn(order.see)
      return [after]
    case '2':
      own.asks = true
      goOn(order.see)
      return [after]
    case '3':
      if (isReady(after, side, ROOM)) own.step = 'work'
      else goOn(order.see)
      return [after]
    case '4':
      // A thread that is woken looks again.
      own.sleeps = own.bell === own.seen
      own.step = order.see[0] as Step
      return [after]
    case 'over':
      return []
  }
}

/** (a): moves a frame, and looks at once whether it is to ring, or later. */
function work(after: World, side: 'writer' | 'reader', order: Order): readonly World[] {
  const own = after[side]
  const hasMore = (side === 'writer' ? after.written : after.read) < FRAMES
  if (hasMore && isReady(after, side, 1)) {
    if (side === 'writer') after.written++
    else after.read++
    own.isDue = true
    const later = structuredClone(after)
    look(own, order)
    return [after, later]
  }
  if (own.isDue) look(own, order)
  else own.step = hasMore ? (order.see[0] as Step) : 'over'
  return [after]
}

function look(own: Thread, order: Order): void {
  own.isDue = false
  own.step = order.asked[0] as Step
}

/** Runs all orders of steps. @returns the worlds where nothing goes on, and how many there are */
function explore(order: Order): { readonly ends: readonly World[]; readonly worlds: number } {
  const seen = new Set<string>()
  const ends: World[] = []
  const open = [start]
  for (let world = open.pop(); world !== undefined; world = open.pop()) {
    const key = JSON.stringify(world)
    if (seen.has(key)) continue
    seen.add(key)
    const here = world
    const sides = (['writer', 'reader'] as const).filter((side) => !here[side].sleeps)
    const all = sides.flatMap((side) => next(here, side, order))
    if (all.length === 0) ends.push(here)
    open.push(...all)
  }
  return { ends, worlds: seen.size }
}

const isLost = ({ read }: World): boolean => read < FRAMES

test('in no order of steps is a wake-up lost, in either direction', () => {
  const { ends, worlds } = explore(ORDER)
  expect(worlds).toBeGreaterThan(1_000)
  expect(ends.length).toBeGreaterThan(0)
  expect(ends.filter(isLost)).toEqual([])
})

test.each<[string, Partial<Order>]>([
  ['looks at the ring before it asks', { see: ['1', '3', '2', '4'] }],
  ['reads the bell after it has looked', { see: ['2', '3', '1', '4'] }],
  ['takes the question back after the bell', { asked: ['b', 'd', 'e', 'c'] }],
  ['does not change the bell', { asked: ['b', 'c', 'e'] }],
])('the model finds the fault of a thread that %s', (_, fault) => {
  expect(explore({ ...ORDER, ...fault }).ends.some(isLost)).toBe(true)
})
