import { keyOfSeed, Prng } from '../../base/prng.ts'
import type { Env } from '../../env/env.ts'
import type { Source } from '../../operator/source/source.ts'
import { canonicalText } from '../canonical-text.ts'
import { contractViolation } from '../contract-violation.ts'
import { checkExactlyOnce } from '../exactly-once-oracle.ts'
import { runWithRestores } from './run-with-restores.ts'
import { SourceHarness, type SourceSnapshot } from './source-harness.ts'

/** A source under test, options complete. */
export interface SourceSubject<T, Split, State> {
  readonly makeSource: () => Source<T, Split, State>
  readonly expected: readonly T[]
  readonly makeEnv: (seed: number) => Env | Promise<Env>
  readonly idOf: ((record: T) => string) | undefined
  readonly malformedCount: number
  readonly runCount: number
}

/** Steps that an unbounded source is watched for after its last expected record. */
const STEPS_AFTER_LAST = 200

/** A bounded source that takes longer than this many steps does not end. */
const STEPS_MAX = 200_000

/** So many positions of the input are tried one by one. */
const POSITIONS_MAX = 40

/** Each parallelism, with the readers polled in random order and portions. */
export async function everyRecordOnce<T, S, E>(subject: SourceSubject<T, S, E>): Promise<void> {
  for (let seed = 0; seed < subject.runCount; seed++) {
    const prng = new Prng(keyOfSeed(seed))
    const parallelism = 1 + (seed % 4)
    const harness = await newHarness(subject, seed, parallelism)
    await finish(subject, harness, (bound) => prng.below(bound))
    checkRecords(subject, harness.records, `at parallelism ${parallelism}`)
    if (harness.malformed.length === subject.malformedCount) continue
    throw contractViolation(
      `${harness.malformed.length} records were reported as malformed, expected ` +
        `${subject.malformedCount}: ${harness.malformed.map(({ origin }) => origin).join(', ')}`,
    )
  }
}

/** The task polls whenever it likes; `waiting` promises no more than that nothing would come. */
export async function idlePolls<T, S, E>(subject: SourceSubject<T, S, E>): Promise<void> {
  const harness = await newHarness(subject, 1, 2)
  const prng = new Prng(keyOfSeed(1))
  for (let i = 0; i < 300 && !isComplete(subject, harness); i++) {
    harness.poll(prng.below(2), 1 + prng.below(5))
    await harness.step(() => 0, 1)
  }
  await finish(subject, harness, () => 0)
  checkRecords(subject, harness.records, 'with polls that nobody asked for')
}

/** After `end` a reader says `end` again, and emits nothing. */
export async function afterTheEnd<T, S, E>(subject: SourceSubject<T, S, E>): Promise<void> {
  const harness = await newHarness(subject, 2, 2)
  await finish(subject, harness, () => 0, false)
  const count = harness.records.length
  for (const subtask of harness.isDone ? [0, 1, 0, 1] : []) {
    const status = harness.poll(subtask, 10)
    if (status === 'end') continue
    throw contractViolation(`a reader that had returned \`end\` returned \`${status}\``)
  }
  if (harness.records.length > count) {
    throw contractViolation(`${harness.records.length - count} records came after \`end\``)
  }
  const held = harness.isDone ? harness.snapshot().splits.length : 0
  harness.close()
  if (held > 0) {
    throw contractViolation(
      `the readers have ended and their snapshot holds ${held} splits; a restore would read them ` +
        'again. Leave finished splits out',
    )
  }
}

/** A task closes its operators also when it fails early, or twice. */
export async function closing<T, S, E>(subject: SourceSubject<T, S, E>): Promise<void> {
  for (const steps of [0, 1, 2, 3, 5, 8, 13, 30]) {
    const harness = await newHarness(subject, steps, 2)
    for (let i = 0; i < steps && !isComplete(subject, harness); i++) await harness.step(() => 0, 2)
    harness.close()
    harness.close()
  }
}

/** A restore after record n emits exactly the others, for each n. */
export async function exactPositions<T, S, E>(subject: SourceSubject<T, S, E>): Promise<void> {
  const { expected } = subject
  const env = await subject.makeEnv(3)
  const harness = new SourceHarness(subject.makeSource(), env, 1)
  const stride = Math.max(1, Math.ceil(expected.length / POSITIONS_MAX))
  const points: { readonly snapshot: SourceSnapshot<S, E>; readonly records: readonly T[] }[] = []
  const take = (): void => {
    points.push({ snapshot: harness.snapshot(), records: [...harness.records] })
  }
  take()
  for (let steps = 0; !isComplete(subject, harness); steps++) {
    if (steps > STEPS_MAX) throw contractViolation('the source does not end')
    const before = harness.records.length
    await harness.step(() => 0, 1)
    if (harness.records.length > before && harness.records.length % stride === 0) take()
  }
  take()
  harness.close()
  for (const { snapshot, records } of points) {
    const restored = await newHarness(subject, 4, 1, snapshot)
    await finish(subject, restored, () => 0, true, records.length)
    const what = `restored from the snapshot after ${records.length} records`
    checkRecords(subject, [...records, ...restored.records], what)
  }
}

/** The engine may write a snapshot when the reader has long gone on. */
export async function stableSnapshots<T, S, E>(subject: SourceSubject<T, S, E>): Promise<void> {
  const harness = await newHarness(subject, 5, 1)
  const drawn: { readonly splits: readonly S[]; readonly text: string }[] = []
  for (let i = 0; i < 200 && !isComplete(subject, harness); i++) {
    await harness.step(() => 0, 1)
    const splits = harness.readers[0]?.snapshotState(1) ?? []
    drawn.push({ splits, text: canonicalText(splits) })
  }
  harness.close()
  for (const { splits, text } of drawn) {
    if (canonicalText(splits) === text) continue
    throw contractViolation(
      `a snapshot was ${text} and has become ${canonicalText(splits)}: return copies of the ` +
        'splits, not the objects that reading goes on to change',
    )
  }
}

/** What a job does over its life. */
export async function rescaling<T, S, E>(subject: SourceSubject<T, S, E>): Promise<void> {
  const isUnbounded = subject.makeSource().boundedness === 'unbounded'
  for (let seed = 0; seed < subject.runCount; seed++) {
    const prng = new Prng(keyOfSeed(100 + seed))
    const { records } = await runWithRestores(
      subject.makeSource,
      await subject.makeEnv(seed),
      (bound) => prng.below(bound),
      (count) => isUnbounded && count >= subject.expected.length,
    )
    checkRecords(subject, records, `with restores at changed parallelism (seed ${seed})`)
  }
}

/** One subtask fails now and then while the others read on. */
export async function splitsGivenBack<T, S, E>(subject: SourceSubject<T, S, E>): Promise<void> {
  for (let seed = 0; seed < subject.runCount; seed++) {
    const prng = new Prng(keyOfSeed(200 + seed))
    const parallelism = 2 + (seed % 2)
    const harness = await newHarness(subject, seed, parallelism)
    for (let failures = 0; failures < 4; ) {
      for (let steps = prng.below(12); steps > 0 && !isComplete(subject, harness); steps--) {
        await harness.step((bound) => prng.below(bound), 1 + prng.below(4))
      }
      if (prng.below(2) === 0) harness.snapshot()
      else {
        harness.failSubtask(prng.below(parallelism))
        failures++
      }
    }
    await finish(subject, harness, (bound) => prng.below(bound))
    checkRecords(subject, harness.records, `after failures of single subtasks (seed ${seed})`)
  }
}

async function newHarness<T, S, E>(
  subject: SourceSubject<T, S, E>,
  seed: number,
  parallelism: number,
  snapshot?: SourceSnapshot<S, E>,
): Promise<SourceHarness<T, S, E>> {
  const env = await subject.makeEnv(seed)
  return new SourceHarness(subject.makeSource(), env, parallelism, snapshot)
}

/** @param before records that came before the restore */
function isComplete<T, S, E>(
  { expected }: SourceSubject<T, S, E>,
  harness: SourceHarness<T, S, E>,
  before: number = 0,
): boolean {
  const count = before + harness.records.length
  return harness.isDone || (harness.isUnbounded && count >= expected.length)
}

async function finish<T, S, E>(
  subject: SourceSubject<T, S, E>,
  harness: SourceHarness<T, S, E>,
  choose: (count: number) => number,
  closes: boolean = true,
  before: number = 0,
): Promise<void> {
  for (let steps = 0; !isComplete(subject, harness, before); steps++) {
    if (steps > STEPS_MAX) throw contractViolation('the source does not end')
    await harness.step(choose, 1 + choose(7))
  }
  for (let steps = 0; !harness.isDone && steps < STEPS_AFTER_LAST; steps++) {
    await harness.step(choose, 10)
  }
  if (closes) harness.close()
}

function checkRecords<T, S, E>(
  { expected, idOf }: SourceSubject<T, S, E>,
  committed: readonly T[],
  what: string,
): void {
  const report = checkExactlyOnce({ expected, committed, ...(idOf === undefined ? {} : { idOf }) })
  if (report.isExact) return
  throw contractViolation(`the records are not exactly the expected ones ${what}: ${report.text}`)
}
