/// <reference types="node" />
import { expect, test } from 'vitest'
import { manualEnv } from '../../../test/support/manual-env.ts'
import { MemoryFileSystem } from '../../../test/support/memory-file-system.ts'
import type { Connection } from '../../env/transport.ts'
import { SourceHarness } from '../../testing/kit/source-harness.ts'
import type { DeserializationSchema } from '../deserialization/deserialization-schema.ts'
import { RecordSplitter } from './record-splitter.ts'
import {
  type SocketTextSourceOptions,
  socketSource,
  socketTextSource,
} from './socket-text-source.ts'

const env = manualEnv(new MemoryFileSystem())
const host = '127.0.0.1'

async function served(
  serve: (connection: Connection) => void,
  options: Partial<SocketTextSourceOptions> = {},
): Promise<SourceHarness<string, unknown, unknown>> {
  const listener = await env.transport.listen({ host, port: 0 }, serve)
  const source = socketTextSource({ host, port: listener.port, ...options })
  try {
    return await new SourceHarness<string, unknown, unknown>(source as never, env, 2).runToEnd()
  } finally {
    await listener.close()
  }
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text)
}

test('one subtask reads the lines; the input ends with the connection', async () => {
  const harness = await served(async (connection) => {
    connection.receive({ onBytes: () => {}, onClose: () => {} })
    await connection.send(utf8('to be\r\nor '))
    await connection.send(utf8('not\n\nto 数').subarray(0, 9))
    await connection.send(utf8('数').subarray(1))
    connection.close()
  })
  expect(harness.records).toEqual(['to be', 'or not', '', 'to 数'])
})

test('the server is held back while too many records wait, and let go when they are taken', async () => {
  const paused: boolean[] = []
  let send: (bytes: Uint8Array) => void = () => {}
  const connection: Connection = {
    receive: (handlers) => {
      send = handlers.onBytes
    },
    send: async () => {},
    pause: (pause) => paused.push(pause),
    close: () => {},
  }
  const transport = { ...env.transport, connect: async () => connection }
  const source = socketTextSource({ host, port: 1 })
  const harness = new SourceHarness(source, { ...env, transport }, 1)
  for (let i = 0; i < 5; i++) await harness.step(() => 0)
  send(utf8('x\n'.repeat(8_192)))
  expect(paused).toEqual([])
  send(utf8('x\n'))
  expect(paused).toEqual([true])
  harness.poll(0, 6_000)
  expect(paused).toEqual([true])
  harness.poll(0, 1_000)
  expect(paused).toEqual([true, false])
  harness.close()
})

test('a fast server loses nothing', async () => {
  const lines = Array.from({ length: 60_000 }, (_value, index) => `line ${index}`)
  const harness = await served((connection) => {
    connection.receive({ onBytes: () => {}, onClose: () => {} })
    void connection.send(utf8(lines.join('\n'))).then(() => connection.close())
  })
  expect(harness.records).toEqual(lines)
})

test('a server that is not there fails the task after the retries', async () => {
  const listener = await env.transport.listen({ host, port: 0 }, () => {})
  await listener.close()
  const source = socketTextSource({ host, port: listener.port, maxRetries: 2, retryDelayMs: 100 })
  const harness = new SourceHarness(source, env, 1)
  let retries = 0
  const run = async (): Promise<void> => {
    for (let i = 0; i < 2_000; i++) {
      await harness.step(() => 0)
      if (env.nextTimerMs() === undefined) continue
      retries++
      env.advance(100)
    }
  }
  await expect(run()).rejects.toMatchObject({ code: 'CONNECTION' })
  expect(retries).toBe(2)
})

test('a record without end fails the task; other delimiters keep line breaks', () => {
  expect(() => new RecordSplitter('\n', 3).push(utf8('abcd'))).toThrow('more than 3 characters')
  const splitter = new RecordSplitter('||', 100)
  expect(splitter.push(utf8('a\r\nb|'))).toEqual([])
  expect(splitter.push(utf8('|c'))).toEqual(['a\r\nb'])
  expect(splitter.end()).toEqual(['c'])
  expect(() => socketTextSource({ host, port: 1, delimiter: '' })).toThrow('delimiter')
})

test('a schema skips with null, gives several records, and what it throws on is malformed', async () => {
  const schema: DeserializationSchema<number> = (text, out) => {
    if (text === '') return null
    const numbers = text.split(' ').map(Number)
    for (const n of numbers.slice(1)) out.collect(n)
    if (numbers.some(Number.isNaN)) throw new Error('no number')
    return numbers[0] as number
  }
  const listener = await env.transport.listen({ host, port: 0 }, (connection) => {
    connection.receive({ onBytes: () => {}, onClose: () => {} })
    void connection.send(utf8('1\n\n2 3\n4 x\n5')).then(() => connection.close())
  })
  const source = socketSource({ host, port: listener.port, schema })
  const harness = await new SourceHarness(source, env, 1).runToEnd()
  await listener.close()
  expect(harness.records).toEqual([1, 3, 2, 5])
  expect(harness.malformed).toMatchObject([
    { record: '4 x', origin: `record 4 of 127.0.0.1:${listener.port}` },
  ])
})
