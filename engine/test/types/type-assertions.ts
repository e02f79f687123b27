/** True if two types are the same, not only assignable to each other. */
export type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles if its type argument is true. */
export function holds<T extends true>(): T | undefined {
  return undefined
}
