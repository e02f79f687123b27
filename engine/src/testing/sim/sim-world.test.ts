/// <reference types="node" />
import { expect, test } from 'vitest'
import { SimCrash } from './sim-crash.ts'
import type { SimProcess } from './sim-process.ts'
import { SimWorld } from './sim-world.ts'

/** A small life with tasks, timers, files and connections, to compare runs of. */
async function busyRun(seed: number): Promise<SimWorld> {
  const world = new SimWorld({ seed })
  const server = world.createProcess('server')
  const client = world.createProcess('client')
  let left = 20
  world.start(server, async () => {
    await server.env.transport.listen({ host: 'server', port: 1 }, (connection) => {
      connection.receive({ onBytes: (bytes) => void connection.send(bytes), onClose: () => {} })
    })
  })
  world.start(client, async () => {
    const { env } = client
    await env.executor.yieldSlice()
    await new Promise<void>((resolve) => env.timers.schedule(env.clock.nowMs() + 5, resolve))
    const connection = await env.transport.connect({ host: 'server', port: 1 })
    connection.receive({
      onBytes: async (bytes) => {
        const file = await env.fileSystem.create(`/${env.random.below(5)}`)
        await file.append(bytes)
        await file.close()
        if (--left > 0) await connection.send(new Uint8Array(1 + env.random.below(100)))
      },
      onClose: () => {},
    })
    await connection.send(new Uint8Array(50))
  })
  expect((await world.run({ until: () => left <= 0 })).kind).toBe('done')
  return world
}

test('one seed gives one run, another seed another', async () => {
  const hashes = new Set<number>()
  for (let seed = 0; seed < 15; seed++) {
    const first = await busyRun(seed)
    const second = await busyRun(seed)
    expect(second.hash).toBe(first.hash)
    expect(second.report()).toBe(first.report())
    hashes.add(first.hash)
  }
  expect(hashes.size).toBe(15)
})

test('other work in the isolate does not change the run', async () => {
  const alone = await busyRun(3)
  const beside = await Promise.all([busyRun(3), busyRun(4), busyRun(3)])
  expect(beside[0].hash).toBe(alone.hash)
  expect(beside[2].hash).toBe(alone.hash)
})

/** A planted bug: `read` relies on `write` having run because it was posted first. */
async function orderReliance(seed: number): Promise<boolean> {
  const world = new SimWorld({ seed })
  const { env } = world.createProcess('p')
  let value: number | undefined
  let seen: number | undefined
  env.executor.post(() => {
    value = 1
  })
  env.executor.post(() => {
    seen = value
  })
  await world.run()
  return seen === 1
}

test('code that relies on the order of posted tasks is found out', async () => {
  let brokenCount = 0
  for (let seed = 0; seed < 50; seed++) if (!(await orderReliance(seed))) brokenCount++
  expect(brokenCount).toBeGreaterThan(10)
  expect(brokenCount).toBeLessThan(40)
})

test('tasks take time, and what happens at one time happens in any order', async () => {
  const orders = new Set<string>()
  for (let seed = 0; seed < 30; seed++) {
    const world = new SimWorld({ seed })
    const { clock, executor } = world.createProcess('p').env
    const times = new Set<number>()
    for (let index = 0; index < 5; index++) executor.post(() => times.add(clock.monotonicMs()))
    let order = ''
    for (const name of 'abc') {
      world.after(1, () => {
        order += name
      })
    }
    await world.run()
    expect(times.size).toBe(5)
    orders.add(order)
  }
  expect(orders.size).toBe(6)
})

test('timers of two processes with one deadline fire in any order, of one process in theirs', async () => {
  const orders = new Set<string>()
  for (let seed = 0; seed < 40; seed++) {
    const world = new SimWorld({ seed, faults: { timerLatenessMsMax: seed % 2 } })
    const processes = [world.createProcess('a'), world.createProcess('b')]
    const order: string[] = []
    for (let index = 0; index < 3; index++) {
      for (const { env, name } of processes) {
        env.timers.schedule(env.clock.nowMs() + 1000, () => order.push(name + index))
      }
    }
    await world.run()
    for (const name of ['a', 'b']) {
      const own = order.filter((entry) => entry.startsWith(name))
      expect(own).toEqual([`${name}0`, `${name}1`, `${name}2`])
    }
    orders.add(order[0] as string)
  }
  expect([...orders].sort()).toEqual(['a0', 'b0'])
})

test('virtual time jumps: an hour of timers costs nothing and is exact', async () => {
  const world = new SimWorld({ seed: 1 })
  const process = world.createProcess('p')
  const { env } = process
  const startMs = env.clock.nowMs()
  const fired: number[] = []
  for (let minute = 60; minute > 0; minute--) {
    env.timers.schedule(startMs + minute * 60_000, () => fired.push(env.clock.nowMs() - startMs))
  }
  const outcome = await world.run()
  expect(outcome).toMatchObject({ kind: 'done', virtualMs: 3_600_000, eventCount: 60 })
  expect(process.timers.waitingCount).toBe(0)
  expect(fired).toEqual(Array.from({ length: 60 }, (_, index) => (index + 1) * 60_000))
})

test('nothing left to happen and not done is a deadlock, with what is waited for', async () => {
  const world = new SimWorld({ seed: 1 })
  const process = world.createProcess('p')
  process.describeParked = () => ['task 7 waits for a barrier on channel 2']
  world.start(process, () => new Promise<void>(() => {}))
  const canceled = process.env.timers.schedule(process.env.clock.nowMs() + 99, () => {})
  canceled.cancel()
  const outcome = await world.run({ until: () => false })
  expect(outcome.kind).toBe('deadlock')
  expect(outcome.virtualMs).toBe(0)
  expect(outcome.parked).toEqual(['p: task 7 waits for a barrier on channel 2'])
})

test('limits end a run, and it can go on from there', async () => {
  const world = new SimWorld({ seed: 1 })
  const { env } = world.createProcess('p')
  let ticks = 0
  const tick = (): void => {
    ticks++
    env.timers.schedule(env.clock.nowMs() + 10, tick)
  }
  tick()
  expect(await world.run({ maxVirtualMs: 95 })).toMatchObject({ kind: 'limit', virtualMs: 95 })
  expect(ticks).toBe(10)
  expect((await world.run({ maxEvents: 5 })).kind).toBe('limit')
  expect(ticks).toBe(15)
})

test('an error nobody catches fails the run and brings the report', async () => {
  const boom = new Error('boom')
  const cases: ((process: SimProcess) => void)[] = [
    ({ env }) =>
      env.executor.post(() => {
        throw boom
      }),
    ({ env }) =>
      void env.timers.schedule(0, () => {
        throw boom
      }),
  ]
  for (const plant of cases) {
    const world = new SimWorld({ seed: 77 })
    plant(world.createProcess('p'))
    const failure = await world.run().catch((error) => error)
    expect(failure).toMatchObject({ code: 'ASSERTION', cause: boom })
    expect(failure.message).toContain('uncaught in p: boom\nseed 77, 1 events')
  }
  const world = new SimWorld({ seed: 1 })
  world.start(world.createProcess('p'), () => Promise.reject(boom))
  await expect(world.run()).rejects.toThrow('uncaught in p: boom')
})

test('a dead process runs nothing more: no task, no timer, no promise of its own', async () => {
  const world = new SimWorld({ seed: 1 })
  const process = world.createProcess('p')
  const { env } = process
  const ran: string[] = []
  env.executor.post(() => ran.push('task'))
  env.timers.schedule(env.clock.nowMs() + 10, () => ran.push('timer'))
  void env.executor.yieldSlice().then(() => ran.push('slice'))
  world.kill(process)
  env.executor.post(() => ran.push('late task'))
  env.timers.schedule(0, () => ran.push('late timer'))
  expect(await world.run()).toMatchObject({ kind: 'done', eventCount: 0 })
  expect(ran).toEqual([])
  expect(process.timers.waitingCount).toBe(0)
})

test('a paused process does nothing and catches up afterwards, in order', async () => {
  const world = new SimWorld({ seed: 1 })
  const process = world.createProcess('p')
  const { env } = process
  const startMs = env.clock.nowMs()
  const log: string[] = []
  for (const delayMs of [30, 10, 20]) {
    const fire = (): void => void log.push(`${delayMs} at ${env.clock.nowMs() - startMs}`)
    env.timers.schedule(startMs + delayMs, fire)
  }
  world.after(15, () => world.pause(process))
  world.after(500, () => world.resume(process))
  await world.run()
  expect(log).toEqual(['10 at 10', '20 at 500', '30 at 500'])
})

test('a process paused for good shows in the deadlock', async () => {
  const world = new SimWorld({ seed: 1 })
  const process = world.createProcess('p')
  process.env.executor.post(() => {})
  world.pause(process)
  const outcome = await world.run({ until: () => false })
  expect(outcome).toMatchObject({ kind: 'deadlock', parked: ['p: paused, 1 events held'] })
})

test('setting the wall clock moves deadlines, not the monotonic clock', async () => {
  const world = new SimWorld({ seed: 1 })
  const process = world.createProcess('p')
  const { clock, timers } = process.env
  const wallMs = clock.nowMs()
  const monotonicMs = clock.monotonicMs()
  const fired: string[] = []
  const note = (name: string): void =>
    void fired.push(`${name} ${clock.monotonicMs() - monotonicMs}`)
  timers.schedule(wallMs + 1000, () => note('a'))
  timers.schedule(wallMs + 2000, () => note('b'))
  world.after(500, () => note('world'))
  world.stepClock(process.machine, 900)
  expect(clock.nowMs()).toBe(wallMs + 900)
  world.after(101, () => world.stepClock(process.machine, -500))
  await world.run()
  expect(fired).toEqual(['a 100', 'world 500', 'b 1600'])
})

test('a fault point crashes: the code unwinds, the world goes on, counters tell', async () => {
  const world = new SimWorld({ seed: 1 })
  const process = world.createProcess('p')
  const { env } = process
  process.onFaultPoint = (name, count) =>
    name === 'afterSnapshot' && count === 2 ? 'crash' : 'continue'
  const log: string[] = []
  world.start(process, async () => {
    for (let round = 1; round < 5; round++) {
      await env.executor.yieldSlice()
      try {
        env.faultPoint('afterSnapshot')
      } catch (error) {
        expect(error).toBeInstanceOf(SimCrash)
        // Dead code may still run, but nothing comes of it.
        void env.fileSystem.create('/zombie')
        throw new Error('hides the crash', { cause: error })
      }
      log.push(`round ${round}`)
    }
  })
  expect((await world.run()).kind).toBe('done')
  expect(log).toEqual(['round 1'])
  expect(process.life).toBe('dead')
  expect(process.machine.disk.tree.find('/zombie')).toBeUndefined()
  expect(world.counters.get('faultPoint:afterSnapshot')).toBe(2)
  expect(world.counters.get('crash:afterSnapshot')).toBe(1)
  expect(() => env.faultPoint('other')).toThrow(SimCrash)
})

test('a fault point fails with an error like any other', () => {
  const process = new SimWorld({ seed: 1 }).createProcess('p')
  process.onFaultPoint = () => 'fail'
  const call = (): void => process.env.faultPoint('duringCommit(1)')
  expect(call).toThrow('failed at fault point duringCommit(1) (time 1)')
  expect(process.life).toBe('running')
})

test('buggify: each world has its own set of points, and they fire now and then', () => {
  const enabled: string[] = []
  for (let seed = 0; seed < 100; seed++) {
    const world = new SimWorld({ seed })
    const { random } = world.createProcess('p').env
    let fired = 0
    for (let draw = 0; draw < 100; draw++) if (random.stream('x').buggify('tiny')) fired++
    if (fired > 0) {
      expect(fired).toBeGreaterThan(5)
      expect(fired).toBeLessThan(50)
      expect(world.counters.get('buggify:tiny')).toBe(fired)
      enabled.push(`${seed}`)
    }
  }
  expect(enabled.length).toBeGreaterThan(10)
  expect(enabled.length).toBeLessThan(45)
  const calm = new SimWorld({ seed: 1, faults: { buggify: { enabledProbability: 0 } } })
  expect(calm.random.buggify('tiny')).toBe(false)
  const asked = { enabledProbability: 0, always: ['tiny'] }
  const small = new SimWorld({ seed: 1, faults: { buggify: asked } })
  expect([small.random.buggify('tiny'), small.random.buggify('other')]).toEqual([true, false])
})

test('a machine that lost power comes up again with its disk under a new process', async () => {
  const world = new SimWorld({ seed: 1 })
  const machine = world.createMachine('m')
  const before = world.createProcess('before', machine)
  world.start(before, async () => {
    const file = await before.env.fileSystem.create('/kept')
    await file.append(new Uint8Array([7]))
    await file.sync()
    await before.env.fileSystem.syncDirectory('/')
  })
  await world.run()
  world.powerFail(machine)
  expect([before.life, machine.isUp]).toEqual(['dead', false])
  const after = world.createProcess('after', machine)
  let names: readonly string[] = []
  world.start(after, async () => {
    names = (await after.env.fileSystem.list('/')).map((status) => status.name)
  })
  await world.run()
  expect(names).toEqual(['kept'])
  expect(() => world.createProcess('after')).toThrow('there was a process after already')
})

test('the report has the seed and the last 200 events', async () => {
  const world = new SimWorld({ seed: 4711 })
  const { env } = world.createProcess('p')
  for (let index = 0; index < 500; index++) env.executor.post(() => {})
  await world.run()
  const lines = world.report().split('\n')
  expect(lines[0]).toContain('seed 4711, 500 events')
  expect(lines.filter((line) => line.endsWith(' p task')).length).toBe(200)
})

test('real time, randomness and timers are refused in the world, and only there', async () => {
  const uses: Record<string, () => unknown> = {
    'Date.now': () => Date.now(),
    'Math.random': () => Math.random(),
    setTimeout: () => clearTimeout(setTimeout(() => {}, 1)),
    setImmediate: () => clearImmediate(setImmediate(() => {})),
    'new WeakRef': () => new WeakRef({}),
    'new FinalizationRegistry': () => new FinalizationRegistry(() => {}),
  }
  for (const [name, use] of Object.entries(uses)) {
    const world = new SimWorld({ seed: 1 })
    const process = world.createProcess('p')
    world.start(process, async () => {
      await process.env.executor.yieldSlice()
      await Promise.resolve()
      use()
    })
    const isOutsideFine = new Promise<boolean>((resolve) => {
      setImmediate(() => resolve(use() !== null))
    })
    await expect(world.run()).rejects.toThrow(`${name} was used in a simulated world`)
    expect(await isOutsideFine).toBe(true)
  }
  const originals = [Date.now, Math.random, setTimeout, WeakRef]
  const world = new SimWorld({ seed: 1, ambient: 'allow' })
  world.start(world.createProcess('p'), () => void Date.now())
  const running = world.run()
  expect(Date.now).not.toBe(originals[0])
  expect((await running).kind).toBe('done')
  expect([Date.now, Math.random, setTimeout, WeakRef]).toEqual(originals)
  expect(Date.now).toBe(originals[0])
})
