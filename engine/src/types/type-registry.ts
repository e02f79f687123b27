import { EngineError, ErrorCode } from '../base/engine-error.ts'
import type { CustomType } from './custom-type.ts'

/** A class, of which instances have the prototype. */
// A constructor takes whatever arguments it likes; `unknown[]` would refuse those with parameters.
// biome-ignore lint/suspicious/noExplicitAny: see above
export type ClassOf<T> = abstract new (...args: any[]) => T

/**
 * The classes of a job that have a serializer of their own, so that inference and the generic
 * serializer know what to do with instances. Filled while the job is built. An instance of a
 * subclass does not count as one of its parent: its prototype would be lost.
 *
 * ```ts
 * class Money {
 *   readonly cents: number
 *
 *   constructor(cents: number) {
 *     this.cents = cents
 *   }
 * }
 *
 * const money = types.custom<Money>({
 *   name: 'money',
 *   version: 1,
 *   accepts: (value) => value instanceof Money,
 *   serialize: (value, output) => output.zigzag(value.cents),
 *   deserialize: (input) => new Money(input.zigzag()),
 * })
 * const registry = new TypeRegistry().register(Money, money)
 * registry.typeOf(new Money(5))?.name // => 'money'
 * ```
 */
export class TypeRegistry {
  readonly #byPrototype = new Map<unknown, CustomType<unknown>>()
  readonly #byName = new Map<string, CustomType<unknown>>()

  /**
   * Registers the serializer of a class.
   * @throws INVALID_ARGUMENT if the class or the name of the type is registered already.
   */
  register<T>(classOf: ClassOf<T>, type: CustomType<T>): this {
    const prototype: unknown = classOf.prototype
    if (this.#byPrototype.has(prototype) || this.#byName.has(type.name)) {
      const what = this.#byName.has(type.name) ? `name "${type.name}"` : `class ${classOf.name}`
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `the ${what} is registered already; register each class once, under a name of its own`,
      )
    }
    const registered = type as CustomType<unknown>
    this.#byPrototype.set(prototype, registered)
    this.#byName.set(type.name, registered)
    return this
  }

  /** The type of which `value` is an instance, if its class is registered. */
  typeOf(value: object): CustomType<unknown> | undefined {
    return this.#byPrototype.get(Object.getPrototypeOf(value))
  }

  /** The type of that name, if there is one. */
  typeNamed(name: string): CustomType<unknown> | undefined {
    return this.#byName.get(name)
  }

  /** Version by name of all registered types, for snapshots. */
  versions(): Record<string, number> {
    const names = [...this.#byName.keys()].sort()
    return Object.fromEntries(names.map((name) => [name, this.#byName.get(name)!.snapshot.version]))
  }
}
