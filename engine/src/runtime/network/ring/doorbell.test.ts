import { expect, test } from 'vitest'
import { Doorbell, type RingWaiter, ringDoorbell } from './doorbell.ts'

/** A waiter that notes what it is asked. */
class Waiting implements RingWaiter {
  isThere = false
  asked = 0
  woken = 0
  #wake!: () => void
  readonly wakes = new Promise<void>((resolve) => {
    this.#wake = resolve
  })

  askForRing(): void {
    this.asked++
  }

  isReady(): boolean {
    return this.isThere
  }

  ready(): void {
    this.woken++
    this.#wake()
  }
}

function thread(): { bell: Doorbell; word: Int32Array; turn: () => number } {
  const memory = new SharedArrayBuffer(4)
  const posted: (() => void)[] = []
  const turn = (): number => {
    const due = posted.splice(0)
    for (const run of due) run()
    return due.length
  }
  return {
    bell: new Doorbell(memory, (run) => void posted.push(run)),
    word: new Int32Array(memory),
    turn,
  }
}

test('a thread that finds in its next turns what it waits for asks nobody to ring', () => {
  const { bell, turn } = thread()
  const waiter = new Waiting()
  for (let round = 1; round <= 3; round++) {
    waiter.isThere = false
    bell.await(waiter)
    turn()
    waiter.isThere = true
    turn()
    expect(waiter).toMatchObject({ asked: 0, woken: round })
  }
  expect(turn()).toBe(0)
})

test('a thread with nothing to find asks, sleeps, and is woken by its bell', async () => {
  const { bell, word, turn } = thread()
  const waiter = new Waiting()
  bell.await(waiter)
  while (turn() > 0);
  expect(waiter).toMatchObject({ asked: 1, woken: 0 })
  waiter.isThere = true
  ringDoorbell(word)
  await waiter.wakes
  expect(waiter.woken).toBe(1)
  expect(turn()).toBe(0)
})

test('who comes while the thread sleeps asks too, and who is forgotten is not woken', async () => {
  const { bell, word, turn } = thread()
  const [first, second] = [new Waiting(), new Waiting()]
  bell.await(first)
  while (turn() > 0);
  bell.await(second)
  while (turn() > 0);
  expect(second.asked).toBe(1)
  bell.forget(first)
  first.isThere = true
  second.isThere = true
  ringDoorbell(word)
  await second.wakes
  expect([first.woken, second.woken]).toEqual([0, 1])
})
