import { describe, expect, it } from 'vitest'
import { type CheckedJob, rowAdder } from './checked-job.ts'
import { checkedProgram } from './checked-program.ts'

/** A job that gives one number more than once if `repeated` is one of them. */
function jobWith(repeated: number): CheckedJob<number> {
  return {
    name: 'numbers',
    results: (env, { records }) =>
      env.fromSequence(0, records - 1).flatMap<number>((n, out) => {
        out.collect(n)
        if (n === repeated) out.collect(n)
      }),
    adder: rowAdder((n, hash) => hash.number(n)),
    plainly({ records }, add) {
      for (let n = 0; n < records; n++) add(n)
    },
  }
}

describe('a checked job as a program', () => {
  const parts = { name: 'numbers-p2', place: { parallelism: 2 }, records: 1_000 }

  it('is equal to its plain loops, or has failed', async () => {
    const [right, wrong] = [jobWith(-1), jobWith(9)].map((job) => checkedProgram(job, parts))
    expect((await right?.verify?.(true))?.status).toBe('equal')
    expect((await wrong?.verify?.(true))?.status).toBe('FAILED')
  })

  it('shares its group with the other programs of the job', () => {
    const other = checkedProgram(jobWith(-1), { ...parts, name: 'numbers-p4' })
    expect(checkedProgram(jobWith(-1), parts).group).toBe(other.group)
  })
})
