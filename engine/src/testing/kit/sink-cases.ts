import { contractViolation } from '../contract-violation.ts'
import { type AttemptEnd, SinkRun, type SinkSubject } from './sink-run.ts'

export type { SinkSubject } from './sink-run.ts'

/** How many steps of a run may be crashed at. */
const STEPS_MAX = 200

/** Checkpoints now and then, no failure. */
export async function plainRun<T, C, S, G>(subject: SinkSubject<T, C, S, G>): Promise<void> {
  for (const parallelism of [1, 2, 3]) {
    const run = await SinkRun.start(subject, parallelism, parallelism)
    while (!run.isWritten) {
      await run.write(3)
      await run.checkpoint()
      await run.harness.commit()
      await run.check(`after a commit at parallelism ${parallelism}`)
    }
    await run.finish(`at the end, at parallelism ${parallelism}`)
  }
}

/** A quiet stream takes checkpoints too. */
export async function emptyCheckpoints<T, C, S, G>(
  subject: SinkSubject<T, C, S, G>,
): Promise<void> {
  const run = await SinkRun.start(subject, 4, 2)
  for (let i = 0; i < 3; i++) {
    await run.checkpoint()
    await run.harness.commit()
  }
  await run.write(2)
  await run.checkpoint()
  await run.harness.commit()
  await run.checkpoint()
  await run.harness.commit()
  await run.check('after checkpoints without records')
  await run.finish('at the end of a stream with quiet times')
}

/** What a reader sees between barrier and commit may be taken back, so it must be nothing. */
export async function invisibleBeforeCommit<T, C, S, G>(
  subject: SinkSubject<T, C, S, G>,
): Promise<void> {
  const run = await SinkRun.start(subject, 5, 2)
  await run.write(3)
  await run.check('before the first barrier', 0)
  await run.checkpoint()
  await run.check('between barrier and commit', 0)
  await run.harness.commit()
  await run.check('after the commit')
  await run.write(2)
  await run.checkNothingEarly('while the next records are written')
  await run.finish('at the end')
}

/** A commit whose answer was lost is tried again; so is one after a restore. */
export async function commitTwice<T, C, S, G>(subject: SinkSubject<T, C, S, G>): Promise<void> {
  const run = await SinkRun.start(subject, 6, 2)
  await run.write(4)
  const { committables } = await run.checkpoint()
  await run.harness.commitAll(committables)
  await run.harness.commitAll(committables)
  await run.check('after the same committables were committed twice')
  const [first] = committables
  if (first !== undefined) await run.harness.commitAll([first])
  await run.restart('task fails', 1)
  await run.check('after the same committables were committed again by the next attempt')
  await run.write(1)
  await run.restart('process dies', 3)
  await run.finish('after all committables were committed several times')
}

/** Lost data must not pass for committed data. */
export async function lostCommittables<T, C, S, G>(
  subject: SinkSubject<T, C, S, G>,
  lose: (committable: C) => C,
): Promise<void> {
  const run = await SinkRun.start(subject, 7, 1)
  await run.write(2)
  const { committables } = await run.checkpoint()
  let failed = false
  await run.harness.commitAll(committables.map(lose)).catch(() => {
    failed = true
  })
  if (failed) return
  throw contractViolation(
    'the commit of a committable whose data is gone has succeeded: records would be lost ' +
      'without a word. Reject the promise unless the target says that it holds the data',
  )
}

/** An aborted checkpoint is no reason to lose what its barrier closed. */
export async function abortedCheckpoint<T, C, S, G>(
  subject: SinkSubject<T, C, S, G>,
): Promise<void> {
  const run = await SinkRun.start(subject, 8, 2)
  await run.write(2)
  await run.checkpoint(false)
  await run.write(2)
  await run.checkpoint()
  await run.harness.commit()
  await run.check('after an aborted checkpoint and a complete one')
  await run.write(1)
  await run.checkpoint(false)
  await run.restart('task fails', 2)
  await run.check('after a restore past an aborted checkpoint')
  await run.finish('at the end, after aborted checkpoints')
}

/** A task closes its operators also when it fails early, or twice. */
export async function closingSink<T, C, S, G>(subject: SinkSubject<T, C, S, G>): Promise<void> {
  for (let steps = 0; steps < 5; steps++) {
    const run = await SinkRun.start(subject, 12 + steps, 2)
    if (steps > 0) await run.write(2)
    if (steps > 1) await run.checkpoint()
    if (steps > 2) await run.harness.commit()
    if (steps > 3) run.harness.endInput()
    run.harness.close()
    run.harness.close()
    await run.harness.settle(Promise.resolve())
    await run.checkNothingEarly('after the writers were closed')
  }
}

/** Commits may lag behind: the job fails when two checkpoints are complete and none committed. */
export async function severalCheckpoints<T, C, S, G>(
  subject: SinkSubject<T, C, S, G>,
): Promise<void> {
  for (const [seed, end] of (['task fails', 'process dies'] as const).entries()) {
    const run = await SinkRun.start(subject, 9 + seed, 2)
    for (let i = 0; i < 2; i++) {
      await run.write(2)
      await run.checkpoint()
    }
    await run.restart(end, 3)
    await run.check('after the commit of two checkpoints by the next attempt')
    await run.finish('at the end')
  }
}

/** The job stops after each number of steps, starts again, and runs to its end. */
export async function crashAtEachStep<T, C, S, G>(subject: SinkSubject<T, C, S, G>): Promise<void> {
  for (const end of ['task fails', 'process dies'] as const) {
    for (let steps = 0; steps < STEPS_MAX; steps++) {
      if (!(await crashAfter(subject, steps, end))) break
    }
  }
}

/** False if the run has no so many steps. */
async function crashAfter<T, C, S, G>(
  subject: SinkSubject<T, C, S, G>,
  stepCount: number,
  end: AttemptEnd,
): Promise<boolean> {
  const run = await SinkRun.start(subject, 20 + stepCount, 1 + (stepCount % 3))
  let left = stepCount
  let commit: Promise<void> = Promise.resolve()
  const steps = [
    () => run.write(1),
    () => run.write(1),
    () => run.checkpoint(),
    async () => {
      // Begun, and not waited for: the job may fail in the midst of it.
      commit = run.harness.commit()
      commit.catch(() => {})
    },
    () => commit,
  ]
  while (left > 0 && !run.isWritten) {
    for (const step of steps) if (left-- > 0) await step()
  }
  const what = `after a crash (${end}) at step ${stepCount}`
  await run.checkNothingEarly(what)
  await run.restart(end, 1 + ((stepCount + 1) % 3))
  await run.check(`${what} and a restore`)
  await run.write(1)
  await run.restart(end, 1 + ((stepCount + 2) % 3))
  await run.finish(`${what}, at the end`)
  return left <= 0
}
