import { describe, expect, it } from 'vitest'
import { mix } from '../../digest/mix.ts'
import { chainAmongOthers, chainByJob, chainByLoop } from './chain-programs.ts'

/** The same results from what the chain is said to do, without the functions it shares. */
function chainPlainly(records: number): string {
  let [count, hash] = [0, 0]
  for (let id = 0; id < records; id++) {
    const word = mix(id)
    const amount = Math.floor(word / 65_536)
    if (amount < 8_192) continue
    const group = ((word % 256) * 31 + id) % 256
    if (group >= 192) continue
    count++
    hash = (Math.imul(hash, 31) + (amount - Math.floor(amount / 8)) * 7 + group + id) | 0
  }
  return `${count}-${hash >>> 0}`
}

describe('the chain (BEN-11)', () => {
  it('gives the same results as a job, as a loop, and plainly', async () => {
    const expected = chainPlainly(50_000)
    expect(chainByLoop(50_000).output).toBe(expected)
    expect((await chainByJob(50_000)).output).toBe(expected)
    expect((await chainAmongOthers(50_000)).output).toBe(expected)
  })
})
