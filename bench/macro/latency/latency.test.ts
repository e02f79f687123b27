import { describe, expect, it } from 'vitest'
import { measureLatency } from './latency-suite.ts'
import { measureSustainableRate } from './sustainable-rate.ts'

describe('the latency job (BEN-07)', () => {
  it('gives one result for each record, none before its time', async () => {
    const { output, latencyMs } = await measureLatency(1_000)
    expect(output).toBe('1000 results')
    expect(latencyMs).toMatchObject({ count: 1_000 })
    expect(latencyMs?.p50).toBeGreaterThan(0)
  })

  it('finds a rate', async () => {
    const { value, records, facts } = await measureSustainableRate(20_000)
    expect(value).toBeGreaterThan(0)
    expect(records).toBeGreaterThanOrEqual(20_000 * ((facts?.runs ?? 0) - 1))
  })
})
