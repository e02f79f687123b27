import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** The makers behind the objects that {@link perSubtask} returned. */
const makers = new WeakMap<object, () => object>()

/**
 * Gives a function to the API as a recipe: `make` is called once per subtask and execution attempt.
 * Needed for function objects that the engine cannot copy by itself: those with `#private` fields.
 *
 * @example
 * ```ts
 * class Doubler {
 *   #factor = 2
 *   map(value: number): number { return value * this.#factor }
 * }
 * const doubled = env.fromElements(1, 2).map(perSubtask(() => new Doubler()))
 * await doubled.executeAndCollect() // => [2, 4]
 * ```
 */
export function perSubtask<F extends object>(make: () => F): F {
  const recipe = Object.freeze({})
  makers.set(recipe, make)
  return recipe as F
}

/**
 * Makes the function of each subtask, so that subtasks in one isolate do not share its fields and a
 * restarted subtask does not see those of the failed attempt. A plain function is used as it is. An
 * object is copied: its own fields, and plain objects, arrays, maps and sets in them, deeply; all
 * else is shared. Called by operator factories.
 *
 * @throws INVALID_PROGRAM if the object has `#private` fields; see {@link perSubtask}
 */
export function functionSupplier<F>(fn: F): () => F {
  if (typeof fn !== 'object' || fn === null) return () => fn
  const make = makers.get(fn)
  if (make !== undefined) return () => make() as F
  refusePrivateFields(fn)
  const pristine = copyFields(fn, new Map())
  return () => copyFields(pristine, new Map())
}

/** A copy with the same prototype and deeply copied fields. Accessors stay accessors. */
function copyFields<T extends object>(original: T, copies: Map<object, object>): T {
  const copy = Object.create(Object.getPrototypeOf(original)) as T
  copies.set(original, copy)
  for (const name of Reflect.ownKeys(original)) {
    const property = Object.getOwnPropertyDescriptor(original, name) as PropertyDescriptor
    if ('value' in property) property.value = copyValue(property.value, copies)
    Object.defineProperty(copy, name, property)
  }
  return copy
}

function copyValue(value: unknown, copies: Map<object, object>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const known = copies.get(value)
  if (known !== undefined) return known
  const prototype: unknown = Object.getPrototypeOf(value)
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    copies.set(value, copy)
    for (const item of value) copy.push(copyValue(item, copies))
    return copy
  }
  if (prototype === Map.prototype) {
    const copy = new Map<unknown, unknown>()
    copies.set(value, copy)
    for (const [key, item] of value as Map<unknown, unknown>) {
      copy.set(copyValue(key, copies), copyValue(item, copies))
    }
    return copy
  }
  if (prototype === Set.prototype) {
    const copy = new Set<unknown>()
    copies.set(value, copy)
    for (const item of value as Set<unknown>) copy.add(copyValue(item, copies))
    return copy
  }
  if (Object.isFrozen(value)) return value // descriptors, tags and constants are known by reference
  return prototype === Object.prototype || prototype === null ? copyFields(value, copies) : value
}

/** A copy of an object with private fields has none of them and breaks at the first access. */
function refusePrivateFields(fn: object): void {
  let prototype: object | null = Object.getPrototypeOf(fn)
  while (prototype !== null && prototype !== Object.prototype) {
    const type: unknown = prototype.constructor
    if (typeof type === 'function' && /\.#[\p{L}_$]/u.test(String(type))) {
      throw new EngineError(
        ErrorCode.INVALID_PROGRAM,
        `the function object of class ${type.name} has #private fields, so the engine cannot ` +
          `copy it for each subtask. Pass perSubtask(() => new ${type.name}(...)) instead, or ` +
          "use TypeScript's private fields",
      )
    }
    prototype = Object.getPrototypeOf(prototype)
  }
}
