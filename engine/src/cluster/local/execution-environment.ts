import { StreamExecutionEnvironment } from '../../api/datastream/stream-execution-environment.ts'
import type { ConfigValues } from '../../core/config/configuration.ts'
import type { Env } from '../../env/env.ts'
import type { JobExecutor } from '../../plan/job-executor.ts'
import { builtInConnectors } from './connectors.ts'
import type { EngineSeams } from './engine-seams.ts'
import { LocalCluster } from './local-cluster.ts'
import { JobThread } from './threads/job-thread.ts'
import type { ThreadStart } from './threads/thread-messages.ts'
import type { ThreadProgram } from './threads/thread-task-managers.ts'

/** What an environment is made from; every part has a default on its platform. */
export interface EnvironmentOptions {
  /** Settings read from a file. */
  readonly file?: ConfigValues
  /** Settings of the command line (`-Dkey=value`). */
  readonly commandLine?: ConfigValues
  /** Settings in code; they win. */
  readonly code?: ConfigValues
  /** Told of things a user should know; the console by default. */
  readonly warn?: (message: string) => void
  /** Parts of the engine to be replaced. */
  readonly seams?: EngineSeams | undefined
  /** What threads load, where it is not the module that the process was started with. */
  readonly program?: ThreadProgram
}

// A global of Node and browsers alike; the compiler knows only the language's own (`types: []`).
declare const console: { warn(line: string): void }

/** An environment whose jobs run in this isolate on the given {@link Env}. */
export function localEnvironment(
  env: Env,
  options: EnvironmentOptions = {},
): StreamExecutionEnvironment {
  const { file, commandLine, code } = options
  const warn = options.warn ?? ((message: string) => console.warn(`millrace: ${message}`))
  const settings = {
    file: { ...settingsOfJob(env), ...file },
    ...(commandLine === undefined ? {} : { commandLine }),
  }
  const executor = executorOf(env, options, warn)
  const environment = new StreamExecutionEnvironment({
    executor,
    connectors: builtInConnectors,
    settings,
  })
  return code === undefined ? environment : environment.configure(code)
}

/**
 * In a thread that runs part of a job, what is set for that job: it holds where the program, run
 * once more, does not say otherwise, so that it makes the same plan.
 */
function settingsOfJob({ threads }: Env): ConfigValues {
  return threads?.parent === undefined ? {} : (threads.startData as ThreadStart).settings
}

/** In a thread that runs part of a job, `execute` takes tasks of it; elsewhere it runs the job. */
function executorOf(
  env: Env,
  { seams, program }: EnvironmentOptions,
  warn: (message: string) => void,
): JobExecutor {
  const { threads } = env
  if (threads?.parent === undefined) return new LocalCluster({ env, warn, seams, program })
  const start = threads.startData as ThreadStart
  return new JobThread({ env, parent: threads.parent, start, seams })
}
