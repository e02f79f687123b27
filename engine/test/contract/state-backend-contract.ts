import fc from 'fast-check'
import { describe, test } from 'vitest'
import {
  kindCases,
  misuseCases,
  processingTimerCases,
  refusedRestoreCases,
  snapshotCases,
  snapshotCourseCases,
  stateCases,
  timerCases,
} from './state-backend-cases.ts'
import { keyEndCases } from './state-backend-key-end.ts'
import type { BackendFactory } from './state-cluster.ts'
import { StateHistory } from './state-history.ts'
import { histories } from './state-operations.ts'

/** What every keyed state backend does. The reference of the random histories is plain maps. */
export function stateBackendContract(name: string, make: BackendFactory): void {
  describe(`KeyedStateBackend contract: ${name}`, () => {
    test('snapshots hold the state at the barrier, whatever is written while they are taken', {
      timeout: 60_000,
    }, () => {
      fc.assert(
        fc.property(histories, fc.integer({ min: 1, max: 3 }), (operations, parallelism) => {
          new StateHistory(make, parallelism).run(operations)
        }),
        { seed: 20261121, numRuns: 250 },
      )
    })
    kindCases(make)
    stateCases(make)
    misuseCases(make)
    snapshotCases(make)
    refusedRestoreCases(make)
    snapshotCourseCases(make)
    timerCases(make)
    processingTimerCases(make)
    keyEndCases(make)
  })
}
