import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { ConfigValues } from '../../core/config/configuration.ts'

/**
 * Reads the options of a command line: `-Dkey=value`, any number of them. Everything else is left
 * to the program.
 *
 * ```ts
 * const args = ['-Dparallelism.default=4', '--topic', 'orders']
 * parseConfigArguments(args) // => { 'parallelism.default': '4' }
 * ```
 * @throws INVALID_CONFIG for a `-D` without key or `=`; keys and values are checked by the
 *   environment that gets them
 */
export function parseConfigArguments(args: readonly string[]): ConfigValues {
  const values: Record<string, string> = {}
  for (const argument of args) {
    if (!argument.startsWith('-D')) continue
    const equals = argument.indexOf('=')
    if (equals <= 2) {
      throw new EngineError(
        ErrorCode.INVALID_CONFIG,
        `the argument '${argument}' is no option; write -Dkey=value, such as -Dparallelism.default=4`,
      )
    }
    values[argument.slice(2, equals)] = argument.slice(equals + 1)
  }
  return values
}
