/**
 * A priority queue: the element that comes first by the given order is at the front.
 *
 * Elements that are equal by the order come out in any order; give them a sequence number when that
 * matters. Push and pop cost O(log n).
 */
export class BinaryHeap<T> {
  readonly #before: (left: T, right: T) => boolean
  readonly #elements: T[] = []

  /** @param before true if `left` must come out before `right`; a strict order. */
  constructor(before: (left: T, right: T) => boolean) {
    this.#before = before
  }

  /** How many elements are in the heap. */
  get size(): number {
    return this.#elements.length
  }

  /** Adds an element. */
  push(element: T): void {
    this.#elements.push(element)
    this.#siftUp(this.#elements.length - 1)
  }

  /** The first element, which stays in the heap; undefined if the heap is empty. */
  peek(): T | undefined {
    return this.#elements[0]
  }

  /** Takes the first element out; undefined if the heap is empty. */
  pop(): T | undefined {
    const elements = this.#elements
    const first = elements[0]
    if (first === undefined) return undefined
    const last = elements.pop() as T
    if (elements.length > 0) {
      elements[0] = last
      this.#siftDown(0)
    }
    return first
  }

  /**
   * Keeps only the elements for which `keep` is true, and puts the rest in order again: also the
   * way to say that the order of elements in the heap has changed. Costs O(n).
   */
  retain(keep: (element: T) => boolean): void {
    const elements = this.#elements
    let kept = 0
    for (let index = 0; index < elements.length; index++) {
      const element = elements[index] as T
      if (keep(element)) elements[kept++] = element
    }
    elements.length = kept
    for (let index = (kept >> 1) - 1; index >= 0; index--) this.#siftDown(index)
  }

  /** Visits all elements, in no useful order. */
  forEach(visit: (element: T) => void): void {
    for (const element of this.#elements) visit(element)
  }

  #siftUp(start: number): void {
    const elements = this.#elements
    const before = this.#before
    const element = elements[start] as T
    let index = start
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = elements[parent] as T
      if (!before(element, above)) break
      elements[index] = above
      index = parent
    }
    elements[index] = element
  }

  #siftDown(start: number): void {
    const elements = this.#elements
    const before = this.#before
    const size = elements.length
    const element = elements[start] as T
    let index = start
    for (;;) {
      let child = 2 * index + 1
      if (child >= size) break
      const right = child + 1
      if (right < size && before(elements[right] as T, elements[child] as T)) child = right
      const below = elements[child] as T
      if (!before(below, element)) break
      elements[index] = below
      index = child
    }
    elements[index] = element
  }
}
