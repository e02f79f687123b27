import {
  type DataStream,
  type Source,
  type StreamExecutionEnvironment,
  watermarks,
} from '@millrace/engine'
import type { NexmarkEvent } from './generator/nexmark-event.ts'

/** How far the watermark is behind the events: as the published schema declares it. */
const OUT_OF_ORDERNESS_MS = 4_000

/** The stream of events that the queries read. */
export function nexmarkEvents<Split, State>(
  env: StreamExecutionEnvironment,
  source: Source<NexmarkEvent, Split, State>,
): DataStream<NexmarkEvent> {
  const strategy = watermarks.boundedOutOfOrderness<NexmarkEvent>(OUT_OF_ORDERNESS_MS)
  return env.fromSource(source, strategy, 'events').uid('events')
}
