import type { StreamExecutionEnvironment } from '../../api/datastream/stream-execution-environment.ts'
import { webEnv } from '../../env/web/web-env.ts'
import { type EnvironmentOptions, localEnvironment } from './execution-environment.ts'

/**
 * The environment a program in a browser begins with: its jobs run inside this page or worker.
 * Files are kept in memory; there are no sockets.
 *
 * ```ts
 * const environment = getExecutionEnvironment()
 * await environment.fromElements(1, 2, 3).map((n) => n * 2).executeAndCollect() // => [2, 4, 6]
 * ```
 */
export function getExecutionEnvironment(
  options: EnvironmentOptions = {},
): StreamExecutionEnvironment {
  return localEnvironment(webEnv(), options)
}
