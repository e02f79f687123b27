import { perSubtask } from '../../src/operator/function/function-supplier.ts'
import type { Collector } from '../../src/operator/function/functions.ts'
import type { RuntimeContext } from '../../src/operator/function/runtime-context.ts'
import type { KeyedCoProcessFunction } from '../../src/operator/process/co-process-function.ts'
import type {
  KeyedProcessContext,
  KeyedProcessFunction,
  OnTimerContext,
} from '../../src/operator/process/process-function.ts'
import type { ListState, MapState, ValueState } from '../../src/state/keyed-state.ts'
import { listState, mapState, valueState } from '../../src/state/state-descriptor.ts'
import type { SimRecord } from './pipeline-description.ts'
import { bucketEndMs, bucketResult, following, joined } from './record-functions.ts'

type KeyedFunction = KeyedProcessFunction<string, SimRecord, SimRecord>

/** Far behind all event times: a timer that fires when the input has ended. */
const END_MS = 4_000_000_000_000_000

/** Lets the first record of each id pass. */
export function distinctFunction(): KeyedFunction {
  return perSubtask((): KeyedFunction => {
    let seen: MapState<string, boolean>
    return {
      open(context: RuntimeContext): void {
        seen = context.getMapState(mapState<string, boolean>('seen'))
      },
      processElement(value, _ctx, out): void {
        if (seen.has(value.id)) return
        seen.put(value.id, true)
        out.collect(value)
      },
    }
  })
}

/** Each record with the number of the one before. */
export function previousFunction(): KeyedFunction {
  return perSubtask((): KeyedFunction => {
    let previous: ValueState<number>
    return {
      open(context: RuntimeContext): void {
        previous = context.getState(valueState('previous', { initialValue: 0 }))
      },
      processElement(value, _ctx, out): void {
        out.collect(following(previous.value() ?? 0, value))
        previous.update(value.n)
      },
    }
  })
}

/** Sums per stretch of event time, each emitted by a timer at the end of its stretch. */
export function bucketsFunction(sizeMs: number): KeyedFunction {
  return perSubtask((): KeyedFunction => {
    let sums: MapState<number, number>
    return {
      open(context: RuntimeContext): void {
        sums = context.getMapState(mapState<number, number>('sums'))
      },
      processElement(value, ctx): void {
        const endMs = bucketEndMs(ctx.timestamp(), sizeMs)
        sums.put(endMs, (sums.get(endMs) ?? 0) + value.n)
        ctx.timerService.registerEventTimeTimer(endMs)
        // A timer that is always taken back: it would emit a sum that is gone.
        ctx.timerService.registerEventTimeTimer(endMs + 1)
        ctx.timerService.deleteEventTimeTimer(endMs + 1)
      },
      onTimer(timestampMs, ctx, out): void {
        out.collect(bucketResult(ctx.currentKey, timestampMs, sums.get(timestampMs) ?? Number.NaN))
        sums.remove(timestampMs)
      },
    }
  })
}

/**
 * Holds records back until a processing-time timer fires; what is held at the end of the input
 * comes then, by a timer of event time.
 */
export function holdFunction(delayMs: number): KeyedFunction {
  return perSubtask((): KeyedFunction => {
    let held: ListState<SimRecord>
    const emit = (out: Collector<SimRecord>): void => {
      for (const record of held.get()) out.collect(record)
      held.clear()
    }
    return {
      open(context: RuntimeContext): void {
        held = context.getListState(listState<SimRecord>('held'))
      },
      processElement(value, ctx: KeyedProcessContext<string>): void {
        held.add(value)
        const { timerService } = ctx
        timerService.registerProcessingTimeTimer(timerService.currentProcessingTime() + delayMs)
        timerService.registerEventTimeTimer(END_MS)
      },
      onTimer(_timestampMs, _ctx: OnTimerContext<string>, out): void {
        emit(out)
      },
    }
  })
}

/** Pairs every record of one side with every record of the other that has its key. */
export function joinFunction(): KeyedCoProcessFunction<string, SimRecord, SimRecord, SimRecord> {
  return perSubtask((): KeyedCoProcessFunction<string, SimRecord, SimRecord, SimRecord> => {
    let lefts: ListState<SimRecord>
    let rights: ListState<SimRecord>
    return {
      open(context: RuntimeContext): void {
        lefts = context.getListState(listState<SimRecord>('lefts'))
        rights = context.getListState(listState<SimRecord>('rights'))
      },
      processElement1(left, _ctx, out): void {
        lefts.add(left)
        for (const right of rights.get()) out.collect(joined(left, right))
      },
      processElement2(right, _ctx, out): void {
        rights.add(right)
        for (const left of lefts.get()) out.collect(joined(left, right))
      },
    }
  })
}
