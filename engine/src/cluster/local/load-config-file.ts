import type { ConfigValues } from '../../core/config/configuration.ts'
import { nodeEnv } from '../../env/node/node-env.ts'
import { readConfigFile } from './config-file.ts'

/**
 * Reads a configuration file in JSON, to be given to `getExecutionEnvironment({ file })`. Keys are
 * whole (`"parallelism.default": 4`) or nested.
 *
 * ```ts no-run
 * const file = await loadConfigFile('millrace.json')
 * const commandLine = parseConfigArguments(process.argv.slice(2))
 * const environment = getExecutionEnvironment({ file, commandLine })
 * ```
 *
 * ```ts
 * await loadConfigFile('no-such-file.json') // throws FILE_NOT_FOUND
 * ```
 * @throws FILE_NOT_FOUND if there is no such file; INVALID_CONFIG if it cannot be used
 */
export function loadConfigFile(path: string): Promise<ConfigValues> {
  return readConfigFile(nodeEnv().fileSystem, path)
}
