import type { TypeInformation } from '../../types/type-information.ts'
import type { StateTtl } from '../ttl/state-ttl.ts'
import type { HeapTable } from './heap-table.ts'
import type { HeapTtl } from './heap-ttl.ts'
import type { ValueCodec } from './value-codec.ts'

/** Where a store finds its tables. */
export interface TableRegistry {
  /** See `HeapTableOptions`. */
  readonly mapLimit: number
  /** The table of that name, made on the first call. @throws INVALID_PROGRAM if it is another. */
  register<V>(name: string, kind: string, codec: ValueCodec<V>): HeapTable<V>
  /** The declared type, or the generic one with a warning. */
  typeOf<T>(stateName: string, type: TypeInformation<T> | undefined): TypeInformation<T>
  /** The time to live of a state; the same for the same name. */
  ttlOf<R>(stateName: string, ttl: StateTtl<R>): HeapTtl<R>
}
