import {
  countEvictor,
  type DataStream,
  endOfStreamWindows,
  eventTimeSessionWindows,
  slidingEventTimeWindows,
  type TimeWindow,
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

/** Emits the window and the sum of what is in it. */
function sums<K>(windowed: WindowedStream<Reading, K, TimeWindow>): DataStream<string> {
  return windowed.aggregate(
    {
      createAccumulator: () => 0,
      add: ({ n }: Reading, sum: number) => sum + n,
      getResult: (sum: number) => sum,
      merge: (left: number, right: number) => left + right,
    },
    (key, { window }, [sum], out) => out.collect(`${key} ${window.startMs}: ${sum}`),
  )
}

/** Folded ahead of the exchange on threads, and as they are in one isolate or thread. */
const latest: Program = (parts) =>
  byKey(parts)
    .window(slidingEventTimeWindows(200, 50))
    .reduce<string>(
      (left, right) => (left.id > right.id ? left : right),
      (key, { window }, [reading], out) => out.collect(`${key} ${window.startMs}: ${reading?.id}`),
    )

/** Windows of every shape, triggers, evictors, windows in two phases, asked for and not. */
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
    'two phases': (parts) =>
      sums(byKey(parts).window(tumblingEventTimeWindows(150)).twoPhase({ entriesMax: 4 })),
    'phases of the plan': (parts) => sums(byKey(parts).window(tumblingEventTimeWindows(150))),
    latest,
  },
}
