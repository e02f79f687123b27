import { test } from 'vitest'
import { type StreamExecutionEnvironment, watermarks } from '../../src/index.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { pass, SimHost } from './run-in-sim.ts'
const checkpointed = {
  'execution.checkpointing.interval': 1_000,
  'execution.checkpointing.dir': '/checkpoints',
  'execution.state-recovery.path': 'latest',
}
test('x', async () => {
  const host = new SimHost()
  const input = new ScriptedInput<string>()
  const fired = new ArraySink<string>()
  const start = (env: StreamExecutionEnvironment) => {
    env
      .fromSource(scriptedSource(input), watermarks.monotonous<string>())
      .uid('input')
      .keyBy((word) => word)
      .process<string>({
        processElement(word, ctx) {
          const { timerService } = ctx
          if (word !== 'a') return
          timerService.registerProcessingTimeTimer(timerService.currentProcessingTime() + 10_000)
          timerService.registerEventTimeTimer(100)
        },
        onTimer: (_, ctx, out) => out.collect(`${ctx.currentKey} ${ctx.timeDomain}`),
      })
      .uid('timers')
      .sinkTo(fired)
    return env.executeAsync('timers')
  }
  const log: unknown[] = []
  await host.run(async (env, process) => {
    const c = await start(env)
    input.feed([record('a', 1)])
    await pass(process, 5_000)
    log.push(c.checkpoints().map(x=>`${x.checkpointId} ${x.status} ${x.sizeBytes}`), c.metrics())
  }, checkpointed)
  await host.world.run({ maxVirtualMs: 60_000 })
  await host.run(async (env, process) => {
    const c = await start(env)
    await pass(process, 100)
    log.push(c.status(), [...fired.records])
    await pass(process, 3000)
    log.push(c.status(), [...fired.records], c.metrics(), c.stateHistory())
  }, checkpointed)
  console.log(JSON.stringify(log, null, 1))
})
