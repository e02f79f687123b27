import type { TypeRegistry } from './type-registry.ts'

/** How values are written in the generic format. */
export interface GenericFormat {
  /** The classes whose instances may be written. */
  readonly registry: TypeRegistry
  /**
   * `canonical`: fields and entries are sorted, so that equal values have equal bytes, as state
   * needs it. `given`: they keep their order, as records on their way need it.
   */
  readonly order: 'canonical' | 'given'
}
