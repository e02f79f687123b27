import type { Random } from '../../env/random.ts'
import { SeededRandom } from '../../env/seeded-random.ts'
import { type FaultPlan, type ResolvedFaultPlan, resolveFaultPlan } from './fault-plan.ts'
import { SimSchedule } from './sim-schedule.ts'
import { SimTrace } from './sim-trace.ts'

/** What all parts of a simulated world share: its time, its randomness, its record of itself. */
export class SimCore {
  readonly plan: ResolvedFaultPlan
  readonly schedule: SimSchedule
  readonly trace: SimTrace = new SimTrace()
  readonly random: Random
  /** How often each thing happened that a test wants to have happened sometimes. */
  readonly counters: Map<string, number> = new Map()
  readonly #buggifyPoints = new Map<string, BuggifyPoint>()

  constructor(seed: number, plan: FaultPlan) {
    this.plan = resolveFaultPlan(plan)
    this.random = new SeededRandom(seed, (point) => this.#buggify(point))
    this.schedule = new SimSchedule(this.random.stream('ties'))
  }

  /** Adds one to a counter and returns its new value. */
  count(name: string): number {
    const count = (this.counters.get(name) ?? 0) + 1
    this.counters.set(name, count)
    return count
  }

  /** Puts a line into the trace and counts it. */
  note(owner: string, label: string, detail = ''): void {
    this.count(label)
    this.trace.note(this.schedule.nowMs, owner, label, detail)
  }

  #buggify(name: string): boolean {
    if (this.plan.buggify.always.includes(name)) {
      this.count(`buggify:${name}`)
      return true
    }
    let point = this.#buggifyPoints.get(name)
    if (point === undefined) {
      const random = this.random.stream(`buggify:${name}`)
      const enabled = random.float() < this.plan.buggify.enabledProbability
      point = { enabled, random }
      this.#buggifyPoints.set(name, point)
    }
    if (!point.enabled || point.random.float() >= this.plan.buggify.fireProbability) return false
    this.count(`buggify:${name}`)
    return true
  }
}

interface BuggifyPoint {
  readonly enabled: boolean
  readonly random: Random
}
