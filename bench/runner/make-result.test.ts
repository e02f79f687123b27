import { describe, expect, it } from 'vitest'
import { resultWith, sampleWith } from './sample-fixture.ts'

describe('makeResult', () => {
  it('takes medians over the samples that count', () => {
    const samples = [
      sampleWith({ value: 100, cpuSeconds: 1 }),
      sampleWith({ value: 9_999, cpuSeconds: 50, void: 'the machine was busy' }),
      sampleWith({ value: 104, cpuSeconds: 3 }),
      sampleWith({ value: 90, cpuSeconds: 2 }),
    ]
    const result = resultWith({ samples })
    expect(result).toMatchObject({ median: 100, mad: 4, cpuSeconds: 2, notes: [], samples })
    expect(result.recordsPerCpuSecond).toBe(100)
  })

  it('normalises a rate to nanoseconds per record over those of the calibration', () => {
    expect(resultWith({ samples: [sampleWith({ value: 1e8 })] }).normalized).toBe(5)
    const samples = [sampleWith({ value: 10 })]
    expect(resultWith({ unit: 'ns/record', samples })).toMatchObject({
      normalized: 5,
      betterIs: 'lower',
    })
  })

  it('leaves a ratio as it is', () => {
    const result = resultWith({ unit: 'ratio', samples: [sampleWith({ value: 0.5 })] })
    expect(result).toMatchObject({ normalized: 0.5, recordsPerCpuSecond: null, betterIs: 'higher' })
  })

  it('says so when no sample counts', () => {
    const result = resultWith({ samples: [sampleWith({ value: 7, void: 'busy' })] })
    expect(result.median).toBe(7)
    expect(result.notes).toEqual([expect.stringContaining('no sample is valid')])
  })
})
