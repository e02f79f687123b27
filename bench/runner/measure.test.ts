import { describe, expect, it } from 'vitest'
import { calibrate, voidReason } from './calibration.ts'
import { describeMachine, fingerprintOf } from './machine.ts'
import { measure, sampleOf, warmUp } from './measure.ts'

describe('calibration', () => {
  it('finds both loops to take some time', () => {
    const { cpuNs, memoryNs } = calibrate()
    expect(cpuNs).toBeGreaterThan(0.1)
    expect(cpuNs).toBeLessThan(100)
    expect(memoryNs).toBeGreaterThan(cpuNs)
  })

  it('voids what lies between two calibrations that differ by more than a tenth', () => {
    const base = { cpuNs: 2, memoryNs: 80 }
    expect(voidReason(base, { cpuNs: 2.19, memoryNs: 73 })).toBeNull()
    expect(voidReason(base, { cpuNs: 2.21, memoryNs: 80 })).toContain('integer loop')
    expect(voidReason({ cpuNs: 2.21, memoryNs: 80 }, base)).toContain('integer loop')
    expect(voidReason(base, { cpuNs: 2, memoryNs: 72 })).toContain('memory loop took 11 %')
  })
})

describe('measure', () => {
  it('gives the rate, the time of the processor and the outcome', async () => {
    const run = (): { records: number; outcome: string } => {
      const endMs = performance.now() + 30
      while (performance.now() < endMs);
      return { records: 1_000, outcome: 'done' }
    }
    const { sample, outcome } = await measure(run)
    expect(outcome).toBe('done')
    expect(sample.wallSeconds).toBeGreaterThanOrEqual(0.03)
    expect(sample.value).toBeCloseTo(1_000 / sample.wallSeconds)
    expect(sample.cpuSeconds).toBeGreaterThan(0)
    expect(sample.peakRssBytes).toBeGreaterThan(2 ** 20)
  })

  it('takes the mean of the calibrations at both ends', () => {
    const usage = { value: 1, wallSeconds: 1, cpuSeconds: 1, records: 1 }
    const sample = sampleOf(usage, { cpuNs: 1, memoryNs: 10 }, { cpuNs: 3, memoryNs: 10 })
    expect(sample.calibrationCpuNs).toBe(2)
    expect(sample.void).toContain('integer loop took 200 %')
  })
})

describe('warmUp', () => {
  it('ends when two runs in a row take about the same', async () => {
    const timesMs = [40, 20, 10.5, 10, 10]
    let nowMs = 0
    const run = (): void => {
      nowMs += timesMs.shift() ?? 0
    }
    expect(await warmUp(run, { tolerance: 0.05, maxRuns: 9 }, () => nowMs)).toBe(4)
  })

  it('takes at least the time it is told', async () => {
    let nowMs = 0
    const run = (): void => {
      nowMs += 10
    }
    const limits = { tolerance: 0.05, maxRuns: 2, minMs: 60 }
    expect(await warmUp(run, limits, () => nowMs)).toBe(6)
  })

  it('ends at the limit all the same', async () => {
    expect(await warmUp(() => {}, { tolerance: 0, maxRuns: 3 })).toBe(3)
  })
})

describe('describeMachine', () => {
  it('has a fingerprint of its other fields', () => {
    const { fingerprint, ...machine } = describeMachine()
    expect(fingerprint).toMatch(/^[0-9a-f]{8}$/)
    expect(fingerprintOf(machine)).toBe(fingerprint)
    expect(fingerprintOf({ ...machine, node: '1.0.0' })).not.toBe(fingerprint)
  })
})
