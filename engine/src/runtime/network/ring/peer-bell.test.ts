import { expect, test } from 'vitest'
import { PeerBell } from './peer-bell.ts'

test('a bell rings only if asked: for the first frame of a slice, and once for the others', async () => {
  const memory = new SharedArrayBuffer(4)
  const rung = new Int32Array(memory)
  let isAsked = false
  const bell = new PeerBell(memory, () => {
    const was = isAsked
    isAsked = false
    return was
  })
  bell.ringIfAsked()
  expect(rung[0]).toBe(0)
  isAsked = true
  bell.ringIfAsked()
  expect(rung[0]).toBe(1)
  for (let frame = 0; frame < 3; frame++) {
    isAsked = true
    bell.ringIfAsked()
  }
  expect(rung[0]).toBe(1)
  await Promise.resolve()
  expect(rung[0]).toBe(2)
})
