/** From so many records on, what folding has brought of them is judged. */
const STRETCH_RECORDS = 1_000

/**
 * Folding pays while there is at most one partial aggregate for so many records. A record that
 * finds none costs as much here as some that are handed on by themselves: measured, not derived.
 */
const RECORDS_PER_PARTIAL_MIN = 5

/** For so many times as many records nothing is folded after a stretch that did not pay. */
const PASSED_BY = 15

/** Each further stretch that does not pay doubles that, so often at most. */
const DOUBLINGS_MAX = 4

/**
 * What folding brings: how many records stand in each partial aggregate that was handed on. Where
 * that are few, records are handed on by themselves for a while, which saves the
 * look-up of each; then folding is tried again, less and less often while it brings nothing.
 *
 * It goes by counts alone, so the same input is folded in the same way.
 */
export class FoldYield {
  readonly #stretchRecords: number
  readonly #passedBy: number
  /** Of the present stretch. */
  #records = 0
  #partials = 0
  /** How many records are still handed on by themselves. */
  #passingBy = 0
  #doublings = 0

  constructor(stretchRecords: number = STRETCH_RECORDS, passedBy: number = PASSED_BY) {
    this.#stretchRecords = stretchRecords
    this.#passedBy = passedBy
  }

  /** Whether the next records are to be folded. */
  get pays(): boolean {
    return this.#passingBy <= 0
  }

  /** So many partial aggregates were handed on, of so many records. */
  handedOn(partials: number, records: number): void {
    if (!this.pays) return
    this.#partials += partials
    this.#records += records
    if (this.#records < this.#stretchRecords) return
    if (this.#partials * RECORDS_PER_PARTIAL_MIN <= this.#records) this.#doublings = 0
    else {
      this.#passingBy = this.#records * this.#passedBy * 2 ** this.#doublings
      this.#doublings = Math.min(this.#doublings + 1, DOUBLINGS_MAX)
    }
    this.#records = 0
    this.#partials = 0
  }

  /** So many records were handed on by themselves, as folding does not pay. */
  passedBy(records: number): void {
    this.#passingBy -= records
  }
}
