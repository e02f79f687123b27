import { expect, test } from 'vitest'
import { makeDurableFolder } from '../../src/connector/file-sink/durable-folder.ts'
import {
  type CoordinatorEvent,
  type CoordinatorState,
  decideCheckpoint,
  initialCoordinatorState,
} from '../../src/runtime/checkpoint/checkpoint-coordinator.ts'
import type { CheckpointMetadata } from '../../src/state/checkpoint/checkpoint-metadata.ts'
import { FileCheckpointStorage } from '../../src/state/checkpoint/file-checkpoint-storage.ts'
import type { SimProcess } from '../../src/testing/sim/sim-process.ts'
import { SimWorld } from '../../src/testing/sim/sim-world.ts'

// Bugs that random seeds have found, each with the smallest history that shows it: the seeds
// themselves mean something else whenever the generator changes.

const options = { intervalMs: 100, timeoutMs: 1_000, minPauseMs: 0, tolerableFailures: 1 }
const tasks = new Set(['a/0'])

function play(
  start: CoordinatorState,
  events: readonly CoordinatorEvent[],
): { readonly state: CoordinatorState; readonly commands: readonly string[] } {
  const commands: string[] = []
  let state = start
  for (const event of events) {
    const decision = decideCheckpoint(state, event, options)
    state = decision.state
    for (const command of decision.commands) commands.push(command.kind)
  }
  return { state, commands }
}

test('a job that failed after its last checkpoint takes another, and one more if that fails', () => {
  const finished = play(initialCoordinatorState(1), [
    { kind: 'started', tasks, nowMs: 0 },
    { kind: 'task-ended', task: 'a/0', nowMs: 1 },
    { kind: 'acknowledged', checkpointId: 1, task: 'a/0' },
    { kind: 'stored', checkpointId: 1, nowMs: 2 },
  ])
  expect(finished.commands.at(-1)).toBe('finish-job')
  // The commit of that checkpoint failed, so the job restarts from it.
  const restarted = play(finished.state, [
    { kind: 'stopped' },
    { kind: 'started', tasks, nowMs: 10 },
    { kind: 'task-ended', task: 'a/0', nowMs: 11 },
    { kind: 'acknowledged', checkpointId: 2, task: 'a/0' },
    { kind: 'store-failed', checkpointId: 2, reason: 'disk', nowMs: 12 },
  ])
  expect(restarted.state.pending?.checkpointId).toBe(3)
  const done = play(restarted.state, [
    { kind: 'acknowledged', checkpointId: 3, task: 'a/0' },
    { kind: 'stored', checkpointId: 3, nowMs: 13 },
  ])
  expect(done.commands.slice(-2)).toEqual(['complete', 'finish-job'])
})

function storageOf({ env }: SimProcess): FileCheckpointStorage {
  return new FileCheckpointStorage({
    fileSystem: env.fileSystem,
    root: '/checkpoints',
    directory: 'job',
    faultPoint: (name) => env.faultPoint(name),
  })
}

/** Runs `main` in a new process on the machine, and kills it when it is done. */
async function life(
  world: SimWorld,
  name: string,
  machine: SimProcess['machine'],
  main: (process: SimProcess) => Promise<void>,
): Promise<void> {
  const process = world.createProcess(name, machine)
  let isDone = false
  world.start(process, async () => {
    await main(process)
    isDone = true
  })
  await world.run({ until: () => isDone || process.life === 'dead' })
  world.kill(process)
}

const metadata: CheckpointMetadata = {
  checkpointId: 1,
  jobId: 'job',
  jobName: 'job',
  purpose: 'checkpoint',
  triggeredMs: 1,
  completedMs: 2,
  operators: [],
}

test('a checkpoint that a process went on from survives a loss of power', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const world = new SimWorld({ seed })
    const machine = world.createMachine('machine')
    let found: number | undefined
    const look = async (process: SimProcess): Promise<void> => {
      found = (await storageOf(process).findLatest({ fallback: false }))?.checkpointId
    }
    // Dies between the rename and the sync of the folder.
    await life(world, 'first', machine, async (process) => {
      process.onFaultPoint = (_name, count) => (count === 5 ? 'crash' : 'continue')
      await storageOf(process).complete(1, metadata)
    })
    await life(world, 'second', machine, look)
    expect(found).toBe(1)
    world.powerFail(machine)
    await life(world, 'third', machine, look)
    expect(found, `seed ${seed}`).toBe(1)
  }
})

/** Whether a folder below one that a dead process has made is there after a loss of power. */
async function survives(
  seed: number,
  folder: string,
  use: (process: SimProcess) => Promise<void>,
): Promise<boolean> {
  const world = new SimWorld({ seed })
  const machine = world.createMachine('machine')
  await life(world, 'first', machine, ({ env }) => env.fileSystem.makeDirectory(folder))
  await life(world, 'second', machine, use)
  world.powerFail(machine)
  return machine.disk.tree.find(folder) !== undefined
}

test('folders that a dead process has made, but not synced, become durable', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const checkpoints = await survives(seed, '/checkpoints/job', async (process) => {
      await storageOf(process).complete(1, metadata)
    })
    expect(checkpoints, `checkpoints, seed ${seed}`).toBe(true)
    const output = await survives(seed, '/data/output', ({ env }) =>
      makeDurableFolder(env.fileSystem, '/data/output'),
    )
    expect(output, `output, seed ${seed}`).toBe(true)
  }
})
