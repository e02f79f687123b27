import type { Random } from '../env/random.ts'

/** Says before each element whether the operators are replaced, and by how many. */
export interface ReplacingRhythm {
  /** Undefined to go on with the present operators. */
  nextParallelism(present: number): number | undefined
}

/** Steps after which replacing every time costs more than it finds. */
const EVERY_STEP_MAX = 300

/** Replaces the operators after every element, by as many. */
export class RestoreRhythm implements ReplacingRhythm {
  readonly #random: Random
  #steps = 0

  constructor(random: Random) {
    this.#random = random
  }

  nextParallelism(present: number): number | undefined {
    this.#steps++
    const every = Math.ceil(this.#steps / EVERY_STEP_MAX)
    return this.#random.below(every) === 0 ? present : undefined
  }
}

/** Goes to parallelism 3, 2, 1, 3, ... after the first element and then at random. */
export class RescaleRhythm implements ReplacingRhythm {
  readonly #random: Random
  readonly #cycle = [3, 2, 1]
  #changes = 0
  #steps = 0

  constructor(random: Random) {
    this.#random = random
  }

  nextParallelism(): number | undefined {
    this.#steps++
    const oneIn = this.#changes === 0 ? 1 : 2 + Math.floor(this.#steps / EVERY_STEP_MAX)
    if (this.#random.below(oneIn) !== 0) return undefined
    return this.#cycle[this.#changes++ % this.#cycle.length]
  }
}
