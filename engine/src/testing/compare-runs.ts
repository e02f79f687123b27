import type { Operator } from '../operator/operator.ts'
import { canonicalText } from './canonical-text.ts'
import type { TimedRecord } from './captured-output.ts'
import { contractViolation } from './contract-violation.ts'
import { HARNESS_MODE_TRAITS, type HarnessMode } from './harness-mode.ts'
import { describeStep, type HarnessStep } from './harness-step.ts'
import { multisetDifference } from './multiset-difference.ts'
import { type ScenarioRun, sideName } from './scenario-run.ts'

/** What is most often wrong with an operator whose output differs in a mode. */
const USUAL_CAUSES: Readonly<Record<HarnessMode, string>> = {
  plain: '',
  'batch-of-one': 'the operator depends on where a batch ends',
  'batch-random': 'the operator depends on where a batch ends',
  'batch-all': 'the operator depends on where a batch ends',
  restore: 'something is kept in a field that is neither state nor written by snapshotState',
  rescale: 'state does not follow its key, or operator state is redistributed wrongly',
  'full-output': 'the operator changes or reuses an object that it has emitted',
  'time-stress': 'the operator acts on a watermark that advances nothing, or on idleness',
  frozen: 'the operator keeps a batch after processBatch has returned',
}

const SHOWN_MAX = 5

/**
 * Compares a run with the plain one: records as multisets and, where the mode keeps it, in order;
 * then the last watermark and what is left of state and timers.
 *
 * @throws CONTRACT_VIOLATION naming the mode, the first step at which they differ, and how
 */
export function compareRuns<O extends Operator>(
  plain: ScenarioRun<O>,
  other: ScenarioRun<O>,
  steps: readonly HarnessStep[],
): void {
  const expected = streamsOf(plain)
  const actual = streamsOf(other)
  for (const name of new Set([...expected.keys(), ...actual.keys()])) {
    compareStream(name, expected.get(name) ?? [], actual.get(name) ?? [], plain, other, steps)
  }
  const traits = HARNESS_MODE_TRAITS[other.mode]
  if (!traits.replacesOperators) {
    compareEnd('last watermark', plain, other, (run) => run.run.streams.watermarks.at(-1))
  }
  compareEnd('number of timers', plain, other, (run) => run.run.subtasks.size.timers)
  compareEnd('number of state entries', plain, other, (run) => run.run.subtasks.size.entries)
}

function compareStream<O extends Operator>(
  name: string,
  expected: readonly string[],
  actual: readonly string[],
  plain: ScenarioRun<O>,
  other: ScenarioRun<O>,
  steps: readonly HarnessStep[],
): void {
  const { missing, extra } = multisetDifference(expected, actual)
  if (missing.length + extra.length === 0) {
    if (!HARNESS_MODE_TRAITS[other.mode].keepsOrder || !other.run.subtasks.keepsOrder) return
    const index = expected.findIndex((text, i) => text !== actual[i])
    if (index < 0) return
    throw disagreement(
      other.mode,
      `${name} is in another order from record ${index} on`,
      `plain ${shown(expected.slice(index))}, here ${shown(actual.slice(index))}`,
    )
  }
  const what = [
    missing.length > 0 ? `missing ${shown(missing)}` : '',
    extra.length > 0 ? `extra ${shown(extra)}` : '',
  ]
  throw disagreement(
    other.mode,
    `${name} differs ${firstDifference(name, expected, actual, plain, other, steps)}`,
    what.filter((part) => part !== '').join('; '),
  )
}

/** The step after which the two runs first differ, in words. */
function firstDifference<O extends Operator>(
  name: string,
  expected: readonly string[],
  actual: readonly string[],
  plain: ScenarioRun<O>,
  other: ScenarioRun<O>,
  steps: readonly HarnessStep[],
): string {
  const plainCounts = new Map(plain.marks.map((mark) => [mark.steps, mark.counts.get(name) ?? 0]))
  for (const mark of other.marks) {
    const expectedCount = plainCounts.get(mark.steps)
    if (expectedCount === undefined) continue
    const { missing, extra } = multisetDifference(
      expected.slice(0, expectedCount),
      actual.slice(0, mark.counts.get(name) ?? 0),
    )
    const step = steps[mark.steps - 1]
    if (missing.length + extra.length > 0 && step !== undefined) {
      return `from step ${mark.steps} of ${steps.length} on, ${describeStep(step)}`
    }
  }
  return 'at the end'
}

function compareEnd<O extends Operator>(
  name: string,
  plain: ScenarioRun<O>,
  other: ScenarioRun<O>,
  read: (run: ScenarioRun<O>) => number | undefined,
): void {
  const expected = read(plain)
  const actual = read(other)
  if (expected === actual) return
  throw disagreement(other.mode, `the ${name} differs`, `plain ${expected}, here ${actual}`)
}

function disagreement(mode: HarnessMode, what: string, difference: string): Error {
  return contractViolation(
    `mode '${mode}' disagrees with plain: ${what}: ${difference}. Often: ${USUAL_CAUSES[mode]}`,
  )
}

function streamsOf<O extends Operator>({ run }: ScenarioRun<O>): Map<string, readonly string[]> {
  const streams = new Map([['output', texts(run.streams.records)]])
  for (const [id, records] of run.streams.sideOutputs) streams.set(sideName(id), texts(records))
  return streams
}

function texts(records: readonly TimedRecord<unknown>[]): readonly string[] {
  return records.map(({ value, timestampMs }) =>
    Number.isNaN(timestampMs) ? canonicalText(value) : `${canonicalText(value)}@${timestampMs}`,
  )
}

function shown(list: readonly string[]): string {
  const more = list.length > SHOWN_MAX ? ` and ${list.length - SHOWN_MAX} more` : ''
  return `${list.slice(0, SHOWN_MAX).join(' ')}${more}`
}
