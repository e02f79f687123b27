/**
 * Sessions: the clicks of a user without a pause of half an hour.
 *
 * A click is a session of one click, and two sessions of a user that touch are one. So a click that
 * comes late and closes the gap between two sessions needs no code of its own.
 */
import {
  collectionSource,
  type DataStream,
  eventTimeSessionWindows,
  getExecutionEnvironment,
  minutes,
  types,
  watermarks,
} from '@millrace/engine'

/** A user opened a page. */
export interface Click {
  readonly user: string
  readonly page: string
  readonly atMs: number
}

/** From the first to the last click of a user. */
export interface Session {
  readonly user: string
  readonly clicks: number
  readonly startMs: number
  readonly entryPage: string
  readonly endMs: number
  readonly exitPage: string
}

export function clickSessions(clicks: DataStream<Click>): DataStream<Session> {
  return clicks
    .map(({ user, page, atMs }): Session => {
      return { user, clicks: 1, startMs: atMs, entryPage: page, endMs: atMs, exitPage: page }
    })
    .returns(session)
    .keyBy(({ user }) => user, types.string)
    .window(eventTimeSessionWindows(minutes(30)))
    .reduce(joined)
    .uid('click-sessions')
}

const session = types.row({
  user: types.string,
  clicks: types.int,
  startMs: types.int,
  entryPage: types.string,
  endMs: types.int,
  exitPage: types.string,
})

/** Clicks come in any order, so the left one may be the later one. */
function joined(left: Session, right: Session): Session {
  const { startMs, entryPage } = left.startMs <= right.startMs ? left : right
  const { endMs, exitPage } = left.endMs > right.endMs ? left : right
  const clicks = left.clicks + right.clicks
  return { user: left.user, clicks, startMs, entryPage, endMs, exitPage }
}

if (import.meta.main) {
  const clicks = [
    { user: 'ann', page: '/', atMs: minutes(0) },
    { user: 'bob', page: '/help', atMs: minutes(3) },
    { user: 'ann', page: '/lamps', atMs: minutes(20) },
    { user: 'ann', page: '/cart', atMs: minutes(45) },
    { user: 'bob', page: '/', atMs: minutes(60) },
  ]
  const source = collectionSource(clicks, { timestamp: ({ atMs }) => atMs })
  const env = getExecutionEnvironment()
  clickSessions(env.fromSource(source, watermarks.monotonous()).uid('clicks')).print()
  await env.execute('click-sessions')
}
