import type { Random } from '../env/random.ts'
import type { Operator } from '../operator/operator.ts'
import { BatchingDriver } from './batching-driver.ts'
import type { HarnessMode } from './harness-mode.ts'
import type { ModeDriver } from './mode-driver.ts'
import type { OperatorRun } from './operator-run.ts'
import { ReplacingDriver } from './replacing-driver.ts'
import { RescaleRhythm, RestoreRhythm } from './replacing-rhythm.ts'
import { TimeStressDriver } from './time-stress-driver.ts'

/** Makes the driver of a mode. */
export function driverOfMode<O extends Operator>(
  mode: HarnessMode,
  run: OperatorRun<O>,
  random: Random,
): ModeDriver {
  switch (mode) {
    case 'batch-of-one':
      return new BatchingDriver(run, () => 1)
    case 'batch-random':
      return new BatchingDriver(run, (left) => 1 + random.below(left))
    case 'batch-all':
      return new BatchingDriver(run, (left) => left)
    case 'restore':
      return new ReplacingDriver(run, new RestoreRhythm(random))
    case 'rescale':
      return new ReplacingDriver(run, new RescaleRhythm(random))
    case 'time-stress':
      return new TimeStressDriver(run)
    default:
      return { apply: (step) => run.apply(step), flush: () => {} }
  }
}
