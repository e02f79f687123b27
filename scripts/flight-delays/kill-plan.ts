/** When the job is killed: `afterMs` after it has replayed `records` flights. */
export interface KillPoint {
  readonly records: number
  readonly afterMs: number
}

/** The parts of a run in which it is killed: behind the last it might be over too soon. */
const FIRST_PART = 0.02
const LAST_PART = 0.88

/** So that a kill hits any phase of a checkpoint. */
const AFTER_MS_MAX = 60

/** The points of a seed, in order. */
export function killPlan(seed: number, kills: number, records: number): readonly KillPoint[] {
  const random = randomOf(seed)
  const points: KillPoint[] = []
  for (let i = 0; i < kills; i++) {
    const part = FIRST_PART + (LAST_PART - FIRST_PART) * random()
    points.push({
      records: Math.floor(part * records),
      afterMs: Math.floor(random() * AFTER_MS_MAX),
    })
  }
  return points.sort((left, right) => left.records - right.records)
}

/** Numbers from 0 to below 1 that follow from the seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
