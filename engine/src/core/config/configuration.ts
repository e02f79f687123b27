import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { type ConfigOption, parseOption } from './config-option.ts'
import { allOptions } from './options.ts'

/** Where a value came from. A later one in this list wins over an earlier one. */
export type ConfigOrigin = 'default' | 'file' | 'command line' | 'code'

/** Plain values by key, as read from a file, the command line, or given in code. */
export type ConfigValues = Readonly<Record<string, unknown>>

/** The layers a configuration is made of. */
export interface ConfigLayers {
  readonly file?: ConfigValues
  readonly commandLine?: ConfigValues
  readonly code?: ConfigValues
}

/** An option's value in force and who set it. */
export interface EffectiveOption {
  readonly key: string
  readonly value: unknown
  readonly origin: ConfigOrigin
}

const precedence = [
  ['code', 'code'],
  ['commandLine', 'command line'],
  ['file', 'file'],
] as const

/**
 * The options of a job: code wins over the command line (`-Dkey=value`), that over the file, that
 * over the default. All values are parsed when it is made.
 *
 * ```ts
 * const configuration = new Configuration({
 *   file: { 'parallelism.default': 2, 'execution.checkpointing.interval': '1 min' },
 *   commandLine: { 'parallelism.default': '4' },
 * })
 * configuration.get(ConfigOptions.parallelism) // => 4
 * configuration.get(ConfigOptions.checkpointInterval) // => 60_000
 * new Configuration({ code: { 'parallelism.default': 0 } }) // throws INVALID_CONFIG
 * ```
 */
export class Configuration {
  readonly #layers: ConfigLayers
  readonly #values = new Map<string, EffectiveOption>()

  /** @throws INVALID_CONFIG for an unknown key (names the nearest known one) or a bad value */
  constructor(layers: ConfigLayers = {}) {
    this.#layers = layers
    for (const [layer, origin] of precedence) {
      for (const key of Object.keys(layers[layer] ?? {})) {
        if (!allOptions.has(key)) throw unknownKey(key, origin)
      }
    }
    for (const option of allOptions.values())
      this.#values.set(option.key, effective(option, layers))
  }

  /** The value in force. */
  get<T>(option: ConfigOption<T>): T {
    return this.#values.get(option.key)?.value as T
  }

  /** The same configuration with these options unset: they have their defaults. */
  without(keys: readonly string[]): Configuration {
    const rest = (values: ConfigValues = {}): ConfigValues =>
      Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)))
    const { file, commandLine, code } = this.#layers
    return new Configuration({
      file: rest(file),
      commandLine: rest(commandLine),
      code: rest(code),
    })
  }

  /** What was set, defaults left out: a configuration of these values is the same. */
  settings(): ConfigValues {
    const set = [...this.#values.values()].filter(({ origin }) => origin !== 'default')
    return Object.fromEntries(set.map(({ key, value }) => [key, value]))
  }

  /** Every option with its value and origin, by key. */
  effectiveOptions(): readonly EffectiveOption[] {
    return [...this.#values.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  }
}

function effective(option: ConfigOption<unknown>, layers: ConfigLayers): EffectiveOption {
  for (const [layer, origin] of precedence) {
    const raw = layers[layer]?.[option.key]
    if (raw !== undefined) {
      return { key: option.key, value: parseOption(option, raw, origin), origin }
    }
  }
  return { key: option.key, value: option.initialValue, origin: 'default' }
}

function unknownKey(key: string, origin: ConfigOrigin): EngineError {
  const nearest = [...allOptions.keys()].sort((a, b) => distance(a, key) - distance(b, key))[0]
  return new EngineError(
    ErrorCode.INVALID_CONFIG,
    `there is no option '${key}' (from ${origin}); did you mean '${nearest}'?`,
  )
}

/** Edit distance (Levenshtein), to name the nearest known key. */
function distance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const current = [i]
    for (let j = 1; j <= right.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
