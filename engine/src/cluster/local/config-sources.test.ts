import { describe, expect, test } from 'vitest'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { ConfigOptions } from '../../core/config/options.ts'
import { nodeEnv } from '../../env/node/node-env.ts'
import { parseConfigArguments } from './config-arguments.ts'
import { readConfigFile } from './config-file.ts'
import { localEnvironment } from './execution-environment.ts'

async function fileOf(text: string): Promise<Readonly<Record<string, unknown>>> {
  const fileSystem = new MemoryFileSystem()
  const file = await fileSystem.create('config.json')
  await file.append(new TextEncoder().encode(text))
  await file.close()
  return readConfigFile(fileSystem, 'config.json')
}

describe('the command line', () => {
  test('gives the options behind -D and leaves the rest alone', () => {
    const args = ['--topic', 'x', '-Da.b=1', '-Dpath=a=b', '-D.=', 'D=5']
    expect(parseConfigArguments(args)).toEqual({ 'a.b': '1', path: 'a=b', '.': '' })
  })

  test.each(['-D', '-Dkey', '-D=value'])('refuses %s, with the right form', (argument) => {
    expect(() => parseConfigArguments([argument])).toThrow(/is no option; write -Dkey=value/)
  })
})

describe('the file', () => {
  test('may give keys whole or nested', async () => {
    expect(await fileOf('{ "a.b": 1, "c": { "d": { "e": "x" } } }')).toEqual({
      'a.b': 1,
      'c.d.e': 'x',
    })
  })

  test.each([
    ['[1]', 'it holds no object'],
    ['{ "a": ', 'JSON'],
    ['{ "a": { "b": 1 }, "a.b": 2 }', "it gives 'a.b' twice"],
    [`"${' '.repeat(1_100_000)}"`, 'larger than 1 MiB'],
  ])('%.20s is refused with the reason', async (text, reason) => {
    await expect(fileOf(text)).rejects.toThrow(reason)
    await expect(fileOf(text)).rejects.toMatchObject({ code: 'INVALID_CONFIG' })
  })

  test('that does not exist is named', async () => {
    const reading = readConfigFile(new MemoryFileSystem(), 'none.json')
    await expect(reading).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })
})

test('ARC-22 one key in all three places: code wins over -D, that over the file', async () => {
  const file = await fileOf(
    '{ "parallelism": { "default": 2 }, "pipeline": { "max-parallelism": 64 } }',
  )
  const commandLine = parseConfigArguments(['-Dparallelism.default=3'])
  const env = localEnvironment(nodeEnv(), { file, commandLine })
  const origin = (): unknown =>
    env.configuration.effectiveOptions().find(({ key }) => key === 'parallelism.default')
  expect(origin()).toMatchObject({ value: 3, origin: 'command line' })
  env.setParallelism(4)
  expect(origin()).toMatchObject({ value: 4, origin: 'code' })
  expect(env.configuration.get(ConfigOptions.maxParallelism)).toBe(64)
})
