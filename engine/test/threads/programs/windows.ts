import {
  countEvictor,
  type DataStream,
  endOfStreamWindows,
  eventTimeSessionWindows,
  slidingEventTimeWindows,
  type Trigger,
  type TriggerContext,
  tumblingEventTimeWindows,
  types,
  valueState,
  type Window,
  type WindowedStream,
} from '../../../src/index.ts'
import type { Reading } from './paused-readings.ts'
import type { Program, ProgramGroup, ProgramParts } from './program.ts'

function byKey({ readings }: Pick<ProgramParts, 'readings'>) {
  return readings.keyBy(({ key }) => key, types.string)
}

/** Emits the window, if it has one, and the ids in it. */
function texts<K, W extends Window>(windowed: WindowedStream<Reading, K, W>): DataStream<string> {
  return windowed.process<string>((key, { window }, readings, out) => {
    const ids = [...readings].map(({ id }) => id).sort((left, right) => left - right)
    const [from, to] = [ids[0], ids.at(-1)]
    out.collect(`${key} ${window.maxTimestampMs}: ${ids.length} from ${from} to ${to}`)
  })
}

const EVENTS = valueState<number>('events', { type: types.int, initialValue: 0 })

/** Fires and forgets at every third reading, and at the end of the window. */
const everyThird: Trigger<Reading, Window> = {
  canMerge: false,
  onElement(_value, _timestampMs, context) {
    const events = context.getState(EVENTS)
    context.registerEventTimeTimer(context.window.maxTimestampMs)
    events.update((events.value() ?? 0) + 1)
    return (events.value() ?? 0) % 3 === 0 ? 'fire-and-purge' : 'continue'
  },
  onEventTime: () => 'fire-and-purge',
  onProcessingTime: () => 'continue',
  clear: (context: TriggerContext<Window>) => context.getState(EVENTS).clear(),
}

/** Keys whose readings come for sixty milliseconds and stay away for as long. */
const sessions: Program = ({ readings }) =>
  texts(
    byKey({ readings: readings.filter(({ id }) => id % 120 < 60) }).window(
      eventTimeSessionWindows(30),
    ),
  )

const twoPhases: Program = (parts) =>
  byKey(parts)
    .window(tumblingEventTimeWindows(150))
    .twoPhase({ entriesMax: 4 })
    .aggregate(
      {
        createAccumulator: () => 0,
        add: ({ n }: Reading, sum: number) => sum + n,
        getResult: (sum: number) => sum,
        merge: (left: number, right: number) => left + right,
      },
      (key, { window }, [sum], out) => out.collect(`${key} ${window.startMs}: ${sum}`),
    )

/** Windows of every shape, triggers, evictors, windows in two phases. */
export const WINDOWS: ProgramGroup = {
  programs: {
    tumbling: (parts) => texts(byKey(parts).window(tumblingEventTimeWindows(100))),
    sliding: (parts) => texts(byKey(parts).window(slidingEventTimeWindows(120, 40))),
    sessions,
    count: (parts) => texts(byKey(parts).countWindow(7)),
    'sliding count': (parts) => texts(byKey(parts).countWindow(9, 4)),
    'end of stream': (parts) => texts(byKey(parts).window(endOfStreamWindows())),
    all: ({ readings }) => texts(readings.windowAll(tumblingEventTimeWindows(50))),
    trigger: (parts) =>
      texts(byKey(parts).window(tumblingEventTimeWindows(250)).trigger(everyThird)),
    evictor: (parts) =>
      texts(byKey(parts).window(tumblingEventTimeWindows(200)).evictor(countEvictor(3))),
    'two phases': twoPhases,
  },
}
