import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** An option of the engine: its key, type, default and meaning. */
export interface ConfigOption<T> {
  readonly key: string
  /** What a value must look like, for messages and the reference: `duration`, `1 to 100`, ... */
  readonly expects: string
  readonly initialValue: T
  readonly description: string
  /** Turns text or a plain value into the option's type; undefined if it cannot. */
  parse(raw: unknown): T | undefined
}

interface Definition<T> {
  readonly key: string
  readonly initialValue: T
  readonly description: string
}

/** An option that is a whole number within bounds. */
export function integerOption(
  definition: Definition<number> & { readonly min: number; readonly max?: number },
): ConfigOption<number> {
  const max = definition.max ?? Number.MAX_SAFE_INTEGER
  return {
    ...definition,
    expects: `a whole number, ${definition.min} to ${max}`,
    parse(raw) {
      const value = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw
      return Number.isSafeInteger(value) &&
        (value as number) >= definition.min &&
        (value as number) <= max
        ? (value as number)
        : undefined
    },
  }
}

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** A duration that may be left unset. `10 s`, `500ms`, `2 min`, or a number of milliseconds. */
export function durationOption<T extends number | undefined>(
  definition: Definition<T>,
): ConfigOption<T> {
  return {
    ...definition,
    expects: "a duration such as '500 ms', '10 s', '5 min', '1 h', or a number of milliseconds",
    parse(raw) {
      if (typeof raw === 'number') return raw >= 0 ? (raw as T) : undefined
      if (typeof raw !== 'string') return undefined
      const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(raw)
      const unit = match?.[2] === '' ? 1 : unitsMs[match?.[2] ?? '']
      if (match === null || unit === undefined) return undefined
      return (Number(match[1]) * unit) as T
    },
  }
}

/** An option that is true or false. */
export function booleanOption(definition: Definition<boolean>): ConfigOption<boolean> {
  return {
    ...definition,
    expects: 'true or false',
    parse: (raw) =>
      raw === true || raw === 'true' ? true : raw === false || raw === 'false' ? false : undefined,
  }
}

/** An option that is one of a few words. */
export function choiceOption<T extends string>(
  definition: Definition<T> & { readonly choices: readonly T[] },
): ConfigOption<T> {
  return {
    ...definition,
    expects: `one of ${definition.choices.join(', ')}`,
    parse: (raw) => definition.choices.find((choice) => choice === raw),
  }
}

/** An option that is a text, or unset. */
export function textOption<T extends string | undefined>(
  definition: Definition<T>,
): ConfigOption<T> {
  return {
    ...definition,
    expects: 'a text',
    parse: (raw) => (typeof raw === 'string' ? (raw as T) : undefined),
  }
}

/** Parses a value or throws INVALID_CONFIG with key, value and what is expected. */
export function parseOption<T>(option: ConfigOption<T>, raw: unknown, origin: string): T {
  const value = option.parse(raw)
  if (value !== undefined) return value
  throw new EngineError(
    ErrorCode.INVALID_CONFIG,
    `option '${option.key}' is ${JSON.stringify(raw)} (from ${origin}); it takes ${option.expects}`,
  )
}
