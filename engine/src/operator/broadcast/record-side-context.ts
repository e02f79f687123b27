import type { ReadOnlyBroadcastState } from '../../state/operator-state.ts'
import type { MapStateDescriptor } from '../../state/state-descriptor.ts'
import type { Output } from '../output.ts'
import { ElementContext } from '../process/element-context.ts'
import type { TimerService } from '../process/timer-service.ts'
import type { OnTimerBroadcastContext } from './broadcast-process-function.ts'
import type { BroadcastStates } from './broadcast-states.ts'

/** Context and collector of the side of the records: that of a process function, and the state. */
export class RecordSideContext<K, OUT>
  extends ElementContext<K, OUT>
  implements OnTimerBroadcastContext<K>
{
  readonly #states: BroadcastStates

  constructor(
    output: Output<OUT>,
    timerService: TimerService,
    keyed: { readonly currentKey: unknown } | undefined,
    states: BroadcastStates,
  ) {
    super(output, timerService, keyed)
    this.#states = states
  }

  currentWatermark(): number {
    return this.timerService.currentWatermark()
  }

  currentProcessingTime(): number {
    return this.timerService.currentProcessingTime()
  }

  getBroadcastState<BK, V>(descriptor: MapStateDescriptor<BK, V>): ReadOnlyBroadcastState<BK, V> {
    return this.#states.readOnly(descriptor)
  }
}
