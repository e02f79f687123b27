/// <reference types="node" />
import { collectSink } from '@millrace/engine'
import { record, testJob } from '@millrace/engine/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countWords, type WordCount } from '../../examples/socket-word-count.ts'
import { comparesWithReference, outputOf } from './run-example.ts'

const LINES = ['To be, or', 'not to be!', '', 'Sein oder nicht sein: être']
const COUNTS = [
  ...['to 1', 'be 1', 'or 1', 'not 1', 'to 2', 'be 2'],
  ...['sein 1', 'oder 1', 'nicht 1', 'sein 2', 'être 1'],
]

const shown = ({ word, count }: WordCount): string => `${word} ${count}`

test('words of any case and script are counted, line by line', async () => {
  const counts = await outputOf(
    countWords,
    LINES.map((line) => record(line)),
  )
  expect(counts.map(shown)).toEqual(COUNTS)
})

test('a killed job counts no word twice', async () => {
  const lines = LINES.map((line) => record(line))
  const counts = await outputOf(countWords, lines, { parallelism: 2, killsAt: [3] })
  expect(counts.map(shown).sort()).toEqual([...COUNTS].sort())
})

test('the counts of random lines are those of a loop', async () => {
  await comparesWithReference({
    pipeline: countWords,
    inputs: fc.array(
      fc.array(fc.constantFrom('to', 'Be', 'or', '…')).map((words) => words.join(' ')),
    ),
    element: (line) => record(line),
    reference: (lines) => {
      const seen = new Map<string, number>()
      return lines.flatMap((line) =>
        line
          .split(' ')
          .filter((word) => word !== '' && word !== '…')
          .map((written) => {
            const word = written.toLowerCase()
            seen.set(word, (seen.get(word) ?? 0) + 1)
            return { word, count: seen.get(word) as number }
          }),
      )
    },
  })
})

test('lines come over the network, cut anywhere', async () => {
  const counts: WordCount[] = []
  const job = testJob((env) => {
    const lines = env.socketTextStream('server', 9999, { maxRetries: -1 }).uid('lines')
    countWords(lines).sinkTo(collectSink({ add: (count) => void counts.push(count) }))
  })
  const server = job.world.createProcess('server')
  job.world.start(server, async () => {
    await server.env.transport.listen({ host: 'server', port: 9999 }, async (connection) => {
      connection.receive({ onBytes: () => {}, onClose: () => {} })
      for (const byte of Buffer.from(LINES.join('\n'))) await connection.send(Uint8Array.of(byte))
      connection.close()
    })
  })
  await job.finish()
  expect(counts.map(shown)).toEqual(COUNTS)
})
