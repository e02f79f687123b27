/// <reference types="node" />
import { describe, test } from 'vitest'
import { MemoryFileSystem } from '../../test/support/memory-file-system.ts'
import { nodeEnv } from '../env/node/node-env.ts'
import {
  type SourceConformanceOptions,
  sourceConformance,
} from '../testing/kit/source-conformance.ts'
import { TestEnv } from '../testing/test-env.ts'
import { collectionSource } from './collection/collection-source.ts'
import { sequenceSource } from './collection/sequence-source.ts'
import { datagenSource } from './datagen/datagen-source.ts'
import { csv } from './file/csv.ts'
import type { CsvRow } from './file/csv-columns.ts'
import { fileSource } from './file/file-source.ts'
import { jsonLines } from './file/json-lines.ts'
import { textLines } from './file/text-lines.ts'
import { socketTextSource } from './socket/socket-text-source.ts'

const numbers = Array.from({ length: 40 }, (_value, index) => index)
const lines = numbers.map((n) => `line ${n} ${'文'.repeat(n % 5)}`)

function filesOf(contents: Readonly<Record<string, string>>) {
  return (seed: number) => {
    const fileSystem = new MemoryFileSystem()
    for (const [path, content] of Object.entries(contents)) fileSystem.put(path, content)
    return new TestEnv({ seed, fileSystem })
  }
}

function suite<T, S, E>(name: string, options: SourceConformanceOptions<T, S, E>): void {
  describe(name, () => {
    for (const { name, run } of sourceConformance(options)) test(name, run)
  })
}

suite('collection', { makeSource: () => collectionSource(lines), expected: lines })
suite('empty collection', { makeSource: () => collectionSource<string>([]), expected: [] })
suite('sequence', { makeSource: () => sequenceSource(0, 39), expected: numbers })
suite('datagen', {
  makeSource: () => datagenSource({ generate: (index) => index, count: 40 }),
  expected: numbers,
})
suite('datagen with a rate', {
  makeSource: () => datagenSource({ generate: (index) => index, count: 40, ratePerSecond: 500 }),
  expected: numbers,
  runCount: 5,
})
suite('text files', {
  makeEnv: filesOf({
    '/in/a': lines.slice(0, 25).join('\n'),
    '/in/b/c': `${lines.slice(25).join('\r\n')}\r\n`,
    '/in/empty': '',
  }),
  makeSource: () =>
    fileSource({ path: '/in', format: textLines(), splitSizeBytes: 90, chunkSizeBytes: 31 }),
  expected: lines,
})
suite('JSON files with lines that are left out or malformed', {
  makeEnv: filesOf({
    '/in/a': lines.map((line, n) => (n % 7 === 0 ? '\n{' : JSON.stringify({ line }))).join('\n'),
  }),
  makeSource: () => fileSource({ path: '/in', format: jsonLines(), chunkSizeBytes: 50 }),
  expected: lines.filter((_line, n) => n % 7 !== 0).map((line) => ({ line })),
  malformedCount: 6,
})
suite('CSV files', {
  makeEnv: filesOf({ '/in/a': `n,text\n${numbers.map((n) => `${n},"a,\n${n}"`).join('\n')}` }),
  makeSource: () => {
    const format = csv<CsvRow>({ header: true, types: { n: 'integer' } })
    return fileSource({ path: '/in', format, chunkSizeBytes: 40 })
  },
  expected: numbers.map((n) => ({ n, text: `a,\n${n}` })),
})
suite('socket', {
  makeEnv: async () => {
    const { transport, ...env } = nodeEnv({ seed: 1 })
    const connect: typeof transport.connect = async () => ({
      receive: ({ onBytes, onClose }) => {
        onBytes(Buffer.from(lines.slice(0, 20).join('\n')))
        setImmediate(() => {
          onBytes(Buffer.from(`\n${lines.slice(20).join('\n')}`))
          onClose(undefined)
        })
      },
      send: async () => {},
      pause: () => {},
      close: () => {},
    })
    return { ...env, transport: { ...transport, connect } }
  },
  makeSource: () => socketTextSource({ host: 'localhost', port: 1 }),
  expected: lines,
  isReplayable: false,
  runCount: 4,
})
