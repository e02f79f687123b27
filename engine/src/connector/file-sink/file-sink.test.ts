/// <reference types="node" />
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import { SinkHarness } from '../../testing/kit/sink-harness.ts'
import { csvEncoder } from './csv-encoder.ts'
import { jsonLinesEncoder, textEncoder } from './file-encoder.ts'
import { type FileSinkOptions, fileSink } from './file-sink.ts'

function visible(fileSystem: MemoryFileSystem): readonly string[] {
  return fileSystem.paths().filter((path) => !path.includes('/.'))
}

function linesIn(fileSystem: MemoryFileSystem): readonly string[] {
  return visible(fileSystem).flatMap((path) => fileSystem.text(path).split('\n').slice(0, -1))
}

function harnessOf(
  options: Partial<FileSinkOptions<string>> = {},
  fileSystem: MemoryFileSystem = new MemoryFileSystem(),
) {
  const env = manualEnv(fileSystem)
  const sink = fileSink<string>({ path: '/out', encode: textEncoder(), ...options })
  return { fileSystem, env, sink, harness: new SinkHarness(sink, env, { parallelism: 2 }) }
}

test('records are hidden until their checkpoint is committed, then visible under a new name', async () => {
  const { fileSystem, harness } = harnessOf({ suffix: '.txt', prefix: 'words' })
  harness.write('a', 0)
  harness.write('b', 1)
  await harness.checkpoint(1)
  expect(visible(fileSystem)).toEqual([])
  expect(fileSystem.paths().length).toBe(2)
  harness.write('c', 0)
  await harness.commit()
  expect(linesIn(fileSystem)).toEqual(['a', 'b'])
  expect(visible(fileSystem)[0]).toMatch(/^\/out\/words-0-0-[0-9a-f]{8}\.txt$/)
  await harness.checkpoint(2)
  await harness.commit()
  expect(linesIn(fileSystem)).toEqual(['a', 'c', 'b'])
  expect(fileSystem.paths().length).toBe(3)
  harness.close()
})

test('a checkpoint without records commits nothing and makes no file', async () => {
  const { fileSystem, harness } = harnessOf()
  expect((await harness.checkpoint(1)).committables).toEqual([])
  await harness.commit()
  expect(fileSystem.paths()).toEqual([])
})

test('commits again after a crash between rename and answer; a lost file is COMMIT_LOST', async () => {
  const { fileSystem, sink, env, harness } = harnessOf()
  harness.write('a')
  const checkpoint = await harness.checkpoint(1)
  await harness.commit()
  for (let attempt = 1; attempt <= 3; attempt++) {
    const again = new SinkHarness(sink, env, { attempt, restored: checkpoint })
    await again.commit()
    expect(linesIn(fileSystem)).toEqual(['a'])
  }
  const [path] = visible(fileSystem) as [string]
  fileSystem.put(path, 'shorter')
  fileSystem.put(path, '')
  const shortened = new SinkHarness(sink, env, { attempt: 4, restored: checkpoint })
  await expect(shortened.commit()).rejects.toMatchObject({
    code: 'COMMIT_LOST',
    message: expect.stringContaining(`${path} cannot be committed: it holds 0 bytes and 2`),
  })
  await fileSystem.remove(path)
  const gone = new SinkHarness(sink, env, { attempt: 5, restored: checkpoint })
  await expect(gone.commit()).rejects.toMatchObject({
    code: 'COMMIT_LOST',
    message: expect.stringContaining(path),
  })
})

test('the commits of two attempts at once do not disturb each other', async () => {
  const { fileSystem, sink, env, harness } = harnessOf()
  harness.write('a')
  const restored = await harness.checkpoint(1)
  const again = new SinkHarness(sink, env, { attempt: 1, restored })
  await Promise.all([harness.commit(), again.commit()])
  expect(linesIn(fileSystem)).toEqual(['a'])
})

test('a file is closed when it reaches its size; a committable per file', async () => {
  const { fileSystem, harness } = harnessOf({ rolling: { maxSizeBytes: 6 } })
  for (const record of ['aa', 'bb', 'cc', 'dd', 'ee']) harness.write(record)
  expect((await harness.checkpoint(1)).committables.map((each) => each.sizeBytes)).toEqual([
    6, 6, 3,
  ])
  await harness.commit()
  expect(linesIn(fileSystem)).toEqual(['aa', 'bb', 'cc', 'dd', 'ee'])
})

test('a file is closed when it is old enough, even without further records', async () => {
  const rolling = { maxAgeMs: 1_000, onCheckpoint: false }
  const { fileSystem, env, harness } = harnessOf({ rolling })
  harness.write('a')
  env.advance(999)
  expect((await harness.checkpoint(1)).committables).toEqual([])
  env.advance(1)
  await harness.checkpoint(2)
  await harness.commit()
  expect(linesIn(fileSystem)).toEqual(['a'])
})

test('with onCheckpoint false a file spans checkpoints; a restore cuts what came after', async () => {
  const { fileSystem, env, sink, harness } = harnessOf({ rolling: { onCheckpoint: false } })
  harness.write('a')
  const first = await harness.checkpoint(1)
  expect(first).toMatchObject({ committables: [], states: [{ openFiles: [{ sizeBytes: 2 }] }, {}] })
  harness.write('lost')
  await harness.checkpoint(2)
  for (let attempt = 1; attempt <= 2; attempt++) {
    const again = new SinkHarness(sink, env, { attempt, restored: first })
    await again.commit()
    again.write('b')
    const next = await again.checkpoint(3)
    expect(next.committables).toMatchObject([{ sizeBytes: 2 }])
    if (attempt === 1) continue
    await again.commit()
    expect(linesIn(fileSystem)).toEqual(['a'])
    again.endInput()
    await again.checkpoint(4)
    await again.commit()
    expect(linesIn(fileSystem)).toEqual(['a', 'b'])
    // The attempt that was replaced leaves nothing either.
    expect(fileSystem.paths().length).toBe(2)
  }
})

test('a file that lost bytes of a checkpoint is not gone on with', async () => {
  const { fileSystem, env, sink, harness } = harnessOf({ rolling: { onCheckpoint: false } })
  harness.write('abc')
  const checkpoint = await harness.checkpoint(1)
  fileSystem.put(fileSystem.paths()[0] as string, 'a')
  const again = new SinkHarness(sink, env, { attempt: 1, restored: checkpoint })
  await expect(again.checkpoint(2)).rejects.toMatchObject({ code: 'COMMIT_LOST' })
})

test('buckets are folders below the root, and cannot leave it', async () => {
  const { fileSystem, harness } = harnessOf({ bucket: (value) => value.slice(1) })
  harness.write('a')
  harness.write('bday=1/x')
  harness.write('cday=1/x')
  await harness.checkpoint(1)
  await harness.commit()
  expect(visible(fileSystem).map((path) => path.replace(/part.*/, ''))).toEqual([
    '/out/day=1/x/',
    '/out/',
  ])
  for (const bucket of ['../x', '/etc', 'a/../../b', 'a//b', '.', 'a\\..\\b', 'a\0']) {
    const error = expect.objectContaining({ code: 'PATH_OUTSIDE_ROOT' })
    expect(() => harness.write(`x${bucket}`), bucket).toThrow(error)
  }
})

test('no more files are open than allowed', async () => {
  const bucket = (value: string): string => value
  const { fileSystem, harness } = harnessOf({ bucket, openFileCountMax: 2 })
  for (const record of ['a', 'b', 'c', 'a']) harness.write(record)
  await harness.settle(Promise.resolve())
  expect(fileSystem.openCount).toBe(2)
  await harness.checkpoint(1)
  await harness.commit()
  expect([...linesIn(fileSystem)].sort()).toEqual(['a', 'a', 'b', 'c'])
})

test('a full disk fails the task with a clear error; nothing partial becomes visible', async () => {
  const { fileSystem, harness } = harnessOf()
  fileSystem.capacityBytes = 100
  harness.write('x'.repeat(200))
  await expect(harness.checkpoint(1)).rejects.toMatchObject({
    code: 'FILE_SYSTEM',
    message: expect.stringMatching(/cannot append to \/out\/\.part.*ENOSPC.*free space/),
  })
  expect(visible(fileSystem)).toEqual([])
  harness.close()
  await expect(harness.settle(Promise.resolve())).rejects.toMatchObject({ code: 'FILE_SYSTEM' })
  expect(fileSystem.openCount).toBe(0)
})

test('too much waiting to be written holds the input back until it is written', async () => {
  const { fileSystem, harness } = harnessOf()
  const record = 'é'.repeat(300_000)
  for (let i = 0; i < 20; i++) harness.write(record)
  expect(harness.available).toEqual([false, true])
  await harness.checkpoint(1)
  expect(harness.available).toEqual([true, true])
  await harness.commit()
  expect(linesIn(fileSystem)).toEqual(Array.from({ length: 20 }, () => record))
})

test('a fresh start of the same job removes what was never part of a checkpoint, and nothing else', async () => {
  const fileSystem = new MemoryFileSystem()
  fileSystem.put('/out/.part-0123456789abcdef-0-00000000.inprogress', 'of another job')
  fileSystem.put('/out/.keep', '')
  const { sink, env, harness } = harnessOf({}, fileSystem)
  harness.write('a', 0)
  harness.write('b', 1)
  await harness.settle(Promise.resolve())
  // The second attempt has one subtask less.
  const again = new SinkHarness(sink, env, { attempt: 1, parallelism: 1 })
  again.write('c', 0)
  await again.checkpoint(1)
  await again.commit()
  expect(linesIn(fileSystem)).toEqual(['c'])
  expect(fileSystem.paths().filter((path) => path.includes('/.'))).toEqual([
    '/out/.keep',
    '/out/.part-0123456789abcdef-0-00000000.inprogress',
  ])
})

test('encoders', () => {
  expect(jsonLinesEncoder().encode({ a: [1n, '文\n'] })).toBe('{"a":["1","文\\n"]}\n')
  expect(jsonLinesEncoder().encode(undefined)).toBe('null\n')
  const encoder = csvEncoder(['a', 'b,c'], { header: true, nullLiteral: 'NULL' })
  expect(encoder.header).toBe('a,"b,c"\n')
  expect(encoder.encode({ a: null, 'b,c': 'say "hi"' })).toBe('NULL,"say ""hi"""\n')
  expect(encoder.encode({ a: 'NULL', 'b,c': 'x\r\ny' })).toBe('"NULL","x\r\ny"\n')
  expect(encoder.encode({ a: 1.5, 'b,c': new Date(0) })).toBe('1.5,1970-01-01T00:00:00.000Z\n')
})

test('the header stands at the start of each file', async () => {
  const encode = { ...textEncoder(), header: 'h\n' }
  const { fileSystem, harness } = harnessOf({ encode, rolling: { maxSizeBytes: 4 } })
  harness.write('a')
  harness.write('b')
  await harness.checkpoint(1)
  await harness.commit()
  expect(linesIn(fileSystem)).toEqual(['h', 'a', 'h', 'b'])
})

test.each([
  [{ path: '' }, 'path is empty'],
  [{ prefix: '.x' }, 'no start of a visible file name'],
  [{ prefix: 'a/b' }, 'no start of a visible file name'],
  [{ suffix: '/x' }, 'holds a separator'],
  [{ rolling: { maxSizeBytes: 0 } }, 'maxSizeBytes is 0'],
])('%j is refused', (options, message) => {
  expect(() => fileSink({ path: '/out', encode: textEncoder(), ...options })).toThrow(message)
})
