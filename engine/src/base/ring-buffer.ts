/** A first-in-first-out queue on a growing circular array. Push and shift take constant time. */
export class RingBuffer<T> {
  #slots: (T | undefined)[]
  #head = 0
  #length = 0

  constructor(capacity = 16) {
    let size = 2
    while (size < capacity) size *= 2
    this.#slots = new Array(size)
  }

  get length(): number {
    return this.#length
  }

  push(value: T): void {
    if (this.#length === this.#slots.length) this.#grow()
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = value
    this.#length++
  }

  /** Takes the oldest value; undefined if there is none. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined
    const value = this.#slots[this.#head]
    this.#slots[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#slots.length - 1)
    this.#length--
    return value
  }

  /** The oldest value, which stays; undefined if there is none. */
  peek(): T | undefined {
    return this.#length === 0 ? undefined : this.#slots[this.#head]
  }

  /** Calls `visit` for each value, oldest first. The queue must not change meanwhile. */
  forEach(visit: (value: T) => void): void {
    for (let i = 0; i < this.#length; i++) {
      visit(this.#slots[(this.#head + i) & (this.#slots.length - 1)] as T)
    }
  }

  clear(): void {
    this.#slots = new Array(2)
    this.#head = 0
    this.#length = 0
  }

  #grow(): void {
    const grown = new Array<T | undefined>(this.#slots.length * 2)
    for (let i = 0; i < this.#length; i++) {
      grown[i] = this.#slots[(this.#head + i) & (this.#slots.length - 1)]
    }
    this.#slots = grown
    this.#head = 0
  }
}
