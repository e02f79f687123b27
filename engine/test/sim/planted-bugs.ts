import type { EnvironmentOptions } from '../../src/cluster/local/execution-environment.ts'
import type { Env } from '../../src/env/env.ts'
import type { Sink } from '../../src/operator/sink/sink.ts'
import type { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'

type LogSink = Sink<string, unknown, unknown>

/** A mistake put into the engine from outside, which the simulation must find. */
export interface PlantedBug {
  readonly seams?: Pick<EnvironmentOptions, never>
  wrapEnv?(env: Env): Env
  wrapLogSink?(log: FakeTransactionLog<string>): (sink: LogSink) => LogSink
}
