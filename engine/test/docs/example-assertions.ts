import { expect } from 'vitest'

/** What `expr // => value` in an example means: deep equality. */
export function same(actual: unknown, expected: unknown, where: string): void {
  expect(actual, where).toStrictEqual(expected)
}

/** What `expr // throws CODE` in an example means. `expected` is an error's code, or its name. */
export async function throws(call: () => unknown, expected: string, where: string): Promise<void> {
  let thrown: unknown
  try {
    await call()
  } catch (error) {
    thrown = error
  }
  expect(thrown, `${where} throws`).toBeInstanceOf(Error)
  const { name, code } = thrown as { readonly name: string; readonly code?: unknown }
  expect([code, name], where).toContain(expected)
}
