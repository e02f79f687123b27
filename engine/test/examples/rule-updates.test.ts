import {
  FakeTransactionLog,
  record,
  ScriptedInput,
  scriptedSource,
  testJob,
  transactionalSink,
} from '@millrace/engine/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Alert,
  alerts,
  type Reading,
  type Rule,
  type RuleUpdate,
} from '../../examples/rule-updates.ts'

type Step = Reading | RuleUpdate

const read = (sensor: string, celsius: number): Reading => ({ sensor, celsius })
const ruled = (ruleId: string, rule: Rule | null): RuleUpdate => ({ ruleId, rule })
const shown = ({ ruleId, sensor, celsius }: Alert): string => `${ruleId}: ${sensor} ${celsius}`

/** Does one step after the other, with a kill behind some of them. */
async function alertsOf(
  steps: readonly Step[],
  killsBehind: readonly number[] = [],
): Promise<readonly string[]> {
  const readings = new ScriptedInput<Reading>()
  const updates = new ScriptedInput<RuleUpdate>()
  const log = new FakeTransactionLog<Alert>()
  const job = testJob((env) => {
    env.enableCheckpointing(1_700).setParallelism(2)
    const rules = env.fromSource(scriptedSource(updates)).uid('rules')
    alerts(env.fromSource(scriptedSource(readings)).uid('readings'), rules)
      .sinkTo(transactionalSink(log))
      .uid('alerts')
  })
  for (const [i, step] of steps.entries()) {
    if ('rule' in step) await job.feed(updates, [record(step)])
    else await job.feed(readings, [record(step)])
    // The order of rules and readings is the test's own: both are in a checkpoint before a kill.
    if (!killsBehind.includes(i)) continue
    await job.checkpoints(2)
    await job.kill()
  }
  readings.end()
  updates.end()
  await job.finish()
  job.stop()
  return log.committed.map(shown)
}

const STEPS: readonly Step[] = [
  read('s1', 99), // no rule yet
  ruled('hot', { above: 90, inARow: 2 }),
  read('s1', 95),
  read('s2', 95), // another sensor
  read('s1', 96), // the second in a row
  read('s1', 97), // no second alert for one row
  read('s2', 90), // not above
  read('s2', 95),
  ruled('warm', { above: 50, inARow: 1 }),
  read('s2', 96), // both rules
  read('s3', 91),
  ruled('hot', { above: 80, inARow: 2 }), // a change: rows begin anew
  read('s3', 85), // the row above 50 goes on
  read('s3', 86),
  ruled('warm', null),
  ruled('hot', null),
  read('s3', 99),
]
const ALERTS = ['hot: s1 96', 'hot: s2 96', 'warm: s2 96', 'warm: s3 91', 'hot: s3 86']

test('rules come, change and go while readings come in', async () => {
  expect((await alertsOf(STEPS)).toSorted()).toEqual(ALERTS.toSorted())
})

test.each([2, 8, 12])('killed behind step %i, rules and rows are as before', async (step) => {
  expect((await alertsOf(STEPS, [step])).toSorted()).toEqual(ALERTS.toSorted())
})

test('random steps alert exactly where a look back finds the row', async () => {
  const reading: fc.Arbitrary<Step> = fc.record({
    sensor: fc.constantFrom('s1', 's2', 's3'),
    celsius: fc.constantFrom(20, 60, 95),
  })
  const update: fc.Arbitrary<Step> = fc.record({
    ruleId: fc.constantFrom('x', 'y'),
    rule: fc.option<Rule>(
      fc.record({ above: fc.constantFrom(50, 90), inARow: fc.constantFrom(1, 2, 3) }),
    ),
  })
  const steps = fc.array(fc.oneof({ weight: 4, arbitrary: reading }, update), { maxLength: 30 })
  const property = fc.asyncProperty(steps, fc.nat(29), async (random, killBehind) => {
    const found = await alertsOf(random, [killBehind])
    expect(found.toSorted()).toEqual(referenceAlerts(random).toSorted())
  })
  await fc.assert(property, { seed: 20_260_302, numRuns: 25 })
})

function referenceAlerts(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step, now) => {
    if ('rule' in step) return []
    return ['x', 'y'].flatMap((ruleId) => {
      const past = steps.slice(0, now + 1)
      const changedAt = past.findLastIndex((other) => 'rule' in other && other.ruleId === ruleId)
      const rule = changedAt < 0 ? null : (past[changedAt] as RuleUpdate).rule
      if (rule === null) return []
      const since = past
        .slice(changedAt)
        .filter((other): other is Reading => 'sensor' in other && other.sensor === step.sensor)
      const row = since.length - 1 - since.findLastIndex(({ celsius }) => celsius <= rule.above)
      return row === rule.inARow ? [shown({ ...step, ruleId })] : []
    })
  })
}
