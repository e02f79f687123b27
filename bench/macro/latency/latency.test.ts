import { describe, expect, it } from 'vitest'
import { measureLatency } from './latency-suite.ts'

describe('the latency job (BEN-07)', () => {
  it('gives one result for each record, none before its time', async () => {
    const { output, latencyMs } = await measureLatency(1_000)
    expect(output).toBe('1000-1000')
    expect(latencyMs).toMatchObject({ count: 1_000 })
    expect(latencyMs?.p50).toBeGreaterThan(0)
  })
})
