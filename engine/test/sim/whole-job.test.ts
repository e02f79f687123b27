import { afterEach, expect, test } from 'vitest'
import type { StreamExecutionEnvironment } from '../../src/api/datastream/stream-execution-environment.ts'
import type { KeyedProcessFunction } from '../../src/operator/process/process-function.ts'
import { watermarks } from '../../src/operator/time/watermark-strategy.ts'
import { tumblingEventTimeWindows } from '../../src/operator/window/assigners/tumbling-event-time-windows.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { type JobDriver, testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'

interface Reading {
  readonly sensor: string
  readonly value: number
}

/** How long a sensor may be silent, in processing time. */
const SILENCE_MS = 60_000

let job: JobDriver | undefined
afterEach(() => job?.stop())

/** Says so each time no reading of a sensor has come for a minute of processing time. */
const silences: KeyedProcessFunction<string, Reading, string> = {
  processElement(_reading, { timerService }) {
    timerService.registerProcessingTimeTimer(timerService.currentProcessingTime() + SILENCE_MS)
  },
  onTimer: (_timestampMs, ctx, out) => out.collect(`${ctx.currentKey} is silent`),
}

/** The production program: sums per ten seconds of event time, and an alarm by the clock. */
function sensors(input: ScriptedInput<Reading>, log: FakeTransactionLog<string>) {
  return (env: StreamExecutionEnvironment): void => {
    env.enableCheckpointing(5_000)
    const strategy = watermarks.boundedOutOfOrderness<Reading>(1_000).emitEvery(1)
    const readings = env.fromSource(scriptedSource(input), strategy).uid('readings').keyBy('sensor')
    const sums = readings
      .window(tumblingEventTimeWindows(10_000))
      .sum('value')
      .uid('sums')
      .map(({ sensor, value }) => `${sensor} ${value}`)
    const alarms = readings.process(silences).uid('silences')
    sums.union(alarms).sinkTo(transactionalSink(log)).uid('log')
  }
}

const reading = (sensor: string, value: number, atMs: number) =>
  record<Reading>({ sensor, value }, atMs)

test('windows and timers of a whole job survive a kill, in minutes of virtual time', async () => {
  const input = new ScriptedInput<Reading>()
  const log = new FakeTransactionLog<string>()
  job = testJob(sensors(input, log), { seed: 1 })
  await job.feed(input, [reading('a', 1, 0), reading('a', 2, 9_000)])
  await job.checkpoints()

  await job.kill() // the window holds 3 by now, and the timer is set
  await job.feed(input, [reading('a', 4, 8_500), reading('b', 8, 12_000)])
  await job.checkpoints(2)
  expect(log.committed).toEqual(['a 7'])

  await job.advance(2 * SILENCE_MS)
  // Two timers of sensor a: the readings before and after the kill.
  expect(log.committed.slice(1).sort()).toEqual(['a is silent', 'a is silent', 'b is silent'])

  input.end()
  await job.finish()
  expect(log.committed.at(-1)).toBe('b 8')
  expect(log.pending()).toEqual([])
})

test('a timer that came due while no process ran fires after the restart', async () => {
  const input = new ScriptedInput<Reading>()
  const log = new FakeTransactionLog<string>()
  job = testJob(sensors(input, log), { seed: 2 })
  await job.feed(input, [reading('a', 1, 0)])
  await job.checkpoints()
  job.stop()
  job.world.after(5 * SILENCE_MS, () => {}) // so that there is something to wait for
  await job.advance(5 * SILENCE_MS)
  await job.kill()
  await job.checkpoints()
  await job.advance(100)
  expect(log.committed).toEqual(['a is silent'])
})
