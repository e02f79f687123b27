import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { keyOfSeed, Prng } from '../../base/prng.ts'
import { MachineCrash, type SinkCheckpoint, SinkHarness } from '../../testing/kit/sink-harness.ts'
import type { FileCommittable, FileSinkState } from './file-committable.ts'
import { textEncoder } from './file-encoder.ts'
import { fileSink, type RollingOptions } from './file-sink.ts'

const RECORD_COUNT = 12
const CHECKPOINT_EVERY = 3

/** A job of numbered records with a checkpoint now and then, on a machine that may lose power. */
class Job {
  fileSystem = new MemoryFileSystem()
  readonly #sink: ReturnType<typeof fileSink<string>>
  readonly #bucket: (record: string) => string
  #complete: SinkCheckpoint<FileCommittable, FileSinkState> | undefined
  /** How many records the last complete checkpoint covers. */
  covered = 0
  #checkpointId = 0
  #attempt = 0

  constructor(rolling: RollingOptions, withBuckets: boolean) {
    this.#bucket = (record) => (withBuckets && Number(record) % 3 === 0 ? 'three/x' : '')
    this.#sink = fileSink<string>({
      path: '/out/files',
      encode: textEncoder(),
      rolling,
      bucket: this.#bucket,
    })
  }

  /** One execution attempt. Throws `MachineCrash` if power is lost on the way. */
  async run(parallelism: number, seed: number): Promise<void> {
    const { fileSystem } = this
    const env = manualEnv(fileSystem, seed)
    const harness = new SinkHarness(this.#sink, env, {
      parallelism,
      attempt: this.#attempt++,
      restored: this.#complete,
      hasCrashed: () => fileSystem.hasCrashed,
    })
    if (harness.uncommitted.length > 0) await harness.commit()
    for (let record = this.covered; record < RECORD_COUNT; record++) {
      harness.write(String(record), record % parallelism)
      const isLast = record === RECORD_COUNT - 1
      if (isLast) harness.endInput()
      if (!isLast && record % CHECKPOINT_EVERY !== 0) continue
      this.#complete = await harness.checkpoint(++this.#checkpointId)
      this.covered = record + 1
      await harness.commit()
    }
    if (this.covered === RECORD_COUNT) await harness.commit()
    harness.close()
    await harness.settle(Promise.resolve())
  }

  /** What every reader may rely on: only records of complete checkpoints, none twice. */
  check(): void {
    const records = this.visibleRecords()
    expect(new Set(records).size).toBe(records.length)
    for (const record of records) expect(record).toBeLessThan(this.covered)
  }

  visibleRecords(): number[] {
    const visible = this.fileSystem.paths().filter((path) => !path.includes('/.'))
    const lines = visible.flatMap((path) => this.fileSystem.text(path).split('\n').slice(0, -1))
    return lines.map(Number).sort((left, right) => left - right)
  }
}

async function attempt(
  job: Job,
  crashAt: number,
  parallelism: number,
  seed: number,
): Promise<boolean> {
  job.fileSystem.crashAt = crashAt
  job.fileSystem.crashesAfterEffect = seed % 2 === 0
  try {
    await job.run(parallelism, seed)
    return true
  } catch (error) {
    if (!(error instanceof MachineCrash)) throw error
    // First what a reader saw at the moment of the crash, then what is left of it on disk.
    job.check()
    job.fileSystem = job.fileSystem.afterCrash()
    job.check()
    return false
  }
}

const all = Array.from({ length: RECORD_COUNT }, (_value, index) => index)

test.each<[string, RollingOptions, boolean]>([
  ['rolls at each checkpoint', {}, false],
  ['rolls at each checkpoint, with buckets', {}, true],
  ['spans checkpoints', { onCheckpoint: false }, false],
  [
    'spans checkpoints, rolls by size, with buckets',
    { onCheckpoint: false, maxSizeBytes: 5 },
    true,
  ],
])('a loss of power at every call: %s', async (_name, rolling, withBuckets) => {
  for (const parallelismAfter of [2, 1, 3]) {
    let passed = false
    for (let crashAt = 1; !passed; crashAt++) {
      for (const seed of [1, 2]) {
        const job = new Job(rolling, withBuckets)
        passed = await attempt(job, crashAt, 2, seed)
        if (!passed) {
          // The next attempt dies early too, the last one is left in peace.
          const second = await attempt(job, 1 + (crashAt % 17), parallelismAfter, seed + 10)
          if (!second) expect(await attempt(job, Infinity, parallelismAfter, seed + 20)).toBe(true)
        }
        expect(job.visibleRecords()).toEqual(all)
        expect(job.fileSystem.openCount).toBe(0)
      }
    }
  }
})

test('litter that was removed does not come back with a crash', async () => {
  const sink = fileSink<string>({
    path: '/out',
    encode: textEncoder(),
    bucket: (record) => record.slice(1),
  })
  const fileSystem = new MemoryFileSystem()
  const env = manualEnv(fileSystem)
  const first = new SinkHarness(sink, env)
  const restored = await first.checkpoint(1)
  first.write('ab')
  await first.checkpoint(2) // durable, but not complete
  const second = new SinkHarness(sink, env, { attempt: 1, restored })
  second.write('a')
  const checkpoint = await second.checkpoint(3)
  const survivor = fileSystem.afterCrash()
  const third = new SinkHarness(sink, manualEnv(survivor), { attempt: 2, restored: checkpoint })
  await third.commit()
  await third.checkpoint(4)
  expect(survivor.paths()).toEqual([expect.stringMatching(/^\/out\/part-0-0-/)])
})

test('at the same parallelism no hidden file is left in the end, wherever the crashes were', async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const prng = new Prng(keyOfSeed(seed))
    const job = new Job(prng.below(2) === 0 ? {} : { onCheckpoint: false }, prng.below(2) === 0)
    while (!(await attempt(job, 1 + prng.below(80), 2, seed))) {
      if (prng.below(6) === 0) expect(await attempt(job, Infinity, 2, seed)).toBe(true)
      if (job.covered === RECORD_COUNT && !job.fileSystem.hasCrashed) job.check()
    }
    expect(job.visibleRecords()).toEqual(all)
    expect(job.fileSystem.paths().filter((path) => path.includes('/.'))).toEqual([])
  }
})
