import { getExecutionEnvironment, type MapFunction, type RuntimeContext } from '@millrace/engine'
import { describe, expect, it } from 'vitest'
import { interleavedSource } from './interleaved-source.ts'

/** Says of each number which subtask it came to. */
class Tagging implements MapFunction<number, readonly [number, number]> {
  private subtask = 0

  open({ task }: RuntimeContext): void {
    this.subtask = task.subtaskIndex
  }

  map(n: number): readonly [number, number] {
    return [this.subtask, n]
  }
}

/** The numbers that each subtask has read, in its order. */
async function sharesOf(count: number, parallelism: number): Promise<readonly number[][]> {
  const shares = Array.from({ length: parallelism }, (): number[] => [])
  const env = getExecutionEnvironment().setParallelism(parallelism)
  const read = await env.fromSource(interleavedSource(count)).map(new Tagging()).executeAndCollect()
  for (const [of, n] of read) shares[of]?.push(n)
  return shares
}

describe('the interleaved source', () => {
  it.each([1, 2, 3])('deals the numbers to %i subtasks in turn', async (parallelism) => {
    const shares = await sharesOf(10_000, parallelism)
    const all = shares.flat().sort((left, right) => left - right)
    expect(all).toEqual(Array.from({ length: 10_000 }, (_, n) => n))
    for (const share of shares) {
      expect(share).toEqual(share.toSorted((left, right) => left - right))
      expect(share.every((n) => n % parallelism === (share[0] as number))).toBe(true)
    }
  })

  it('may have nothing for some of them', async () => {
    expect((await sharesOf(1, 3)).flat()).toEqual([0])
  })
})
