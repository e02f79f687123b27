import type { Configuration } from '../core/config/configuration.ts'
import type { TypeRegistry } from '../types/type-registry.ts'

/** Everything about a job beside its graph. */
export interface JobConfiguration {
  /** Id of the job; a new random one if undefined. A resumed job keeps its own. */
  readonly jobId: string | undefined
  readonly configuration: Configuration
  /** Parameters that every function can read. */
  readonly globalParameters: Readonly<Record<string, string>>
  /** The classes whose instances state without a declared type may hold; none if left out. */
  readonly typeRegistry?: TypeRegistry | undefined
}
