import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { Configuration } from './configuration.ts'
import { allOptions, ConfigOptions } from './options.ts'

const key = ConfigOptions.parallelism.key

describe('precedence (ARC-22)', () => {
  test('options can be unset again, whatever layer set them', () => {
    const configuration = new Configuration({
      file: { 'parallelism.default': 2, 'pipeline.max-parallelism': 16 },
      commandLine: { 'parallelism.default': 3 },
      code: { 'parallelism.default': 4 },
    }).without(['parallelism.default'])
    expect(configuration.get(ConfigOptions.parallelism)).toBe(1)
    expect(configuration.get(ConfigOptions.maxParallelism)).toBe(16)
  })

  test('code wins over the command line, that over the file, that over the default', () => {
    const layers = { file: { [key]: 2 }, commandLine: { [key]: '3' }, code: { [key]: 4 } }
    const parallelismOf = (configuration: Configuration): number =>
      configuration.get(ConfigOptions.parallelism)
    expect(parallelismOf(new Configuration(layers))).toBe(4)
    expect(parallelismOf(new Configuration({ ...layers, code: {} }))).toBe(3)
    expect(parallelismOf(new Configuration({ file: layers.file }))).toBe(2)
    expect(parallelismOf(new Configuration())).toBe(1)
  })

  test('the effective value names its origin', () => {
    const configuration = new Configuration({ commandLine: { [key]: '3' } })
    const effective = configuration.effectiveOptions().find((option) => option.key === key)
    expect(effective).toEqual({ key, value: 3, origin: 'command line' })
  })
})

describe('checks (ARC-23)', () => {
  test('an unknown key is refused with the nearest known one', () => {
    const make = (): Configuration => new Configuration({ file: { 'paralelism.default': 2 } })
    expect(make).toThrow(
      expect.objectContaining({
        code: ErrorCode.INVALID_CONFIG,
        message: expect.stringContaining("did you mean 'parallelism.default'?"),
      }),
    )
  })

  test.each([
    [key, 0],
    [key, 'many'],
    [key, 1.5],
    [ConfigOptions.checkpointInterval.key, '10 parsecs'],
    [ConfigOptions.chaining.key, 'maybe'],
    [ConfigOptions.recordErrorPolicy.key, 'ignore'],
  ])('%s = %s is refused with what is expected', (option, value) => {
    const make = (): Configuration => new Configuration({ code: { [option]: value } })
    expect(make).toThrow(new RegExp(`option '${option}'.*it takes `))
  })

  test.each([
    ['250', 250],
    ['250 ms', 250],
    ['10s', 10_000],
    ['1.5 min', 90_000],
    ['1 h', 3_600_000],
    ['2 d', 172_800_000],
    [500, 500],
  ])('the duration %s is %d ms', (text, expected) => {
    const configuration = new Configuration({
      code: { [ConfigOptions.checkpointInterval.key]: text },
    })
    expect(configuration.get(ConfigOptions.checkpointInterval)).toBe(expected)
  })

  test('every option has a text and a default of its own type', () => {
    for (const option of allOptions.values()) {
      expect(option.description).toMatch(/^.{10,}\.$/)
      if (option.initialValue !== undefined) {
        expect(option.parse(option.initialValue)).toEqual(option.initialValue)
      }
    }
  })
})

test('the settings of a configuration make the same one', () => {
  const configuration = new Configuration({
    file: { 'execution.checkpointing.interval': '1 min', 'parallelism.default': 2 },
    commandLine: { 'parallelism.default': '4' },
    code: { 'restart-strategy.type': 'none' },
  })
  const settings = configuration.settings()
  expect(settings).toEqual({
    'execution.checkpointing.interval': 60_000,
    'parallelism.default': 4,
    'restart-strategy.type': 'none',
  })
  const valuesOf = (of: Configuration) =>
    of.effectiveOptions().map(({ key, value }) => [key, value])
  expect(valuesOf(new Configuration({ code: settings }))).toEqual(valuesOf(configuration))
})
