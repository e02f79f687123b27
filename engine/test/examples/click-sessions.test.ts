import { minutes } from '@millrace/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Click, clickSessions, type Session } from '../../examples/click-sessions.ts'
import { at, comparesWithReference, outOfOrder, outputOf, timed } from './run-example.ts'

const click = (user: string, page: string, time: string) =>
  timed<Click>({ user, page, atMs: at(time) })

const CLICKS = [
  click('ann', '/', '09:00'),
  click('bob', '/help', '09:05'),
  click('ann', '/cart', '09:50'), // 50 minutes later: another session so far
  click('ann', '/lamps', '09:25'), // out of order: it joins the two
  click('bob', '/', '09:36'), // 31 minutes later
  click('ann', '/', '10:40'),
  click('ann', '/help', '10:21'), // out of order: it begins the session of 10:40
  click('bob', '/', '11:30'),
  click('bob', '/cart', '11:59'),
]
const SESSIONS = [
  'ann 09:00-09:50 3 clicks / to /cart',
  'ann 10:21-10:40 2 clicks /help to /',
  'bob 09:05-09:05 1 clicks /help to /help',
  'bob 09:36-09:36 1 clicks / to /',
  'bob 11:30-11:59 2 clicks / to /cart',
]

const time = (timeMs: number): string => new Date(timeMs).toISOString().slice(11, 16)
const shown = ({ user, clicks, startMs, entryPage, endMs, exitPage }: Session): string =>
  `${user} ${time(startMs)}-${time(endMs)} ${clicks} clicks ${entryPage} to ${exitPage}`

test('half an hour of silence ends a session; a click in between joins two', async () => {
  const sessions = await outputOf(clickSessions, CLICKS, { outOfOrdernessMs: minutes(25) })
  expect(sessions.map(shown).sort()).toEqual(SESSIONS)
})

test.each([3, 4, 7])('killed after %i clicks, the sessions are the same', async (killAt) => {
  const run = { parallelism: 2, outOfOrdernessMs: minutes(25), killsAt: [killAt] }
  const sessions = await outputOf(clickSessions, CLICKS, run)
  expect(sessions.map(shown).sort()).toEqual(SESSIONS)
})

test('random clicks make the sessions that sorting them makes', async () => {
  const random: fc.Arbitrary<Click> = fc.record({
    user: fc.constantFrom('ann', 'bob'),
    page: fc.constantFrom('/', '/cart', '/help'),
    atMs: fc.integer({ min: 0, max: minutes(600) }),
  })
  await comparesWithReference({
    pipeline: clickSessions,
    inputs: outOfOrder(random, minutes(60)),
    element: timed,
    outOfOrdernessMs: minutes(60),
    reference: (clicks) => {
      const sessions: Session[] = []
      for (const { user, page, atMs } of clicks.toSorted((a, b) => a.atMs - b.atMs)) {
        const i = sessions.findLastIndex((session) => session.user === user)
        const last = sessions[i]
        if (last === undefined || atMs - last.endMs > minutes(30)) {
          const pages = { entryPage: page, exitPage: page }
          sessions.push({ user, clicks: 1, startMs: atMs, endMs: atMs, ...pages })
        } else sessions[i] = { ...last, clicks: last.clicks + 1, endMs: atMs, exitPage: page }
      }
      return sessions
    },
  })
})
