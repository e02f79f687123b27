import type { StreamExecutionEnvironment } from '../../api/datastream/stream-execution-environment.ts'
import { nodeEnv } from '../../env/node/node-env.ts'
import { type EnvironmentOptions, localEnvironment } from './execution-environment.ts'

/**
 * The environment a program on Node begins with: its jobs run inside this process.
 *
 * @example
 * ```ts
 * const env = getExecutionEnvironment()
 * const doubled = await env.fromElements(1, 2, 3).map((n) => n * 2).executeAndCollect()
 * doubled // => [2, 4, 6]
 * ```
 */
export function getExecutionEnvironment(
  options: EnvironmentOptions = {},
): StreamExecutionEnvironment {
  return localEnvironment(nodeEnv(), options)
}
