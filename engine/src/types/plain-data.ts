import type { TypeInformation } from './type-information.ts'
import { types } from './types.ts'

/**
 * The generic type under a static type of one's choice. For the engine's own small states, whose
 * shape the engine itself guarantees; declaring it says that no warning is due.
 */
export function plainData<T>(): TypeInformation<T> {
  return types.generic() as TypeInformation<T>
}
