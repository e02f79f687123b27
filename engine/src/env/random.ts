/** A source of random numbers. In tests every number follows from one seed. */
export interface Random {
  /** A uniform integer of 32 bits, 0 to 4294967295. */
  u32(): number
  /** A uniform number in [0, 1). */
  float(): number
  /** A uniform integer in [0, bound); `bound` is 1 to 2^32. */
  below(bound: number): number
  /** A random UUID, version 4. */
  uuid(): string
  /**
   * An independent generator that follows from the seed and `name` alone, so that one more draw in
   * one place moves nothing elsewhere.
   */
  stream(name: string): Random
  /**
   * True when a test wants the rare but legal behaviour called `point` now. Always false outside
   * of the simulator.
   */
  buggify(point: string): boolean
}
