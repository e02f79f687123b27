/// <reference types="node" />
/**
 * Word count over a socket: how often each word has come so far.
 *
 *     nc -lk 9999                                              # in one terminal
 *     node engine/examples/socket-word-count.ts --port 9999    # in another
 *
 * Without `--port` it counts some lines that it serves itself.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { type DataStream, getExecutionEnvironment, types } from '@millrace/engine'

/** How often a word has come. */
export interface WordCount {
  readonly word: string
  readonly count: number
}

/** The running count of each word: one record for each word that comes in. */
export function countWords(lines: DataStream<string>): DataStream<WordCount> {
  return lines
    .flatMap<WordCount>((line, out) => {
      const words = line.toLowerCase().match(/\p{L}+/gu) ?? []
      for (const word of words) out.collect({ word, count: 1 })
    })
    .returns(types.row({ word: types.string, count: types.int }))
    .keyBy(({ word }) => word, types.string)
    .sum('count')
    .uid('word-counts')
}

/** Serves some lines to whoever connects first. Returns the port. */
async function serveSample(): Promise<number> {
  const server = createServer((connection) => {
    connection.end('To be, or not to be,\nthat is the question.\n')
    server.close()
  })
  await once(server.listen(0, 'localhost'), 'listening')
  return (server.address() as AddressInfo).port
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: 'string' } } })
  const port = values.port === undefined ? await serveSample() : Number(values.port)

  const env = getExecutionEnvironment()
  countWords(env.socketTextStream('localhost', port).uid('lines')).print()
  await env.execute('socket-word-count')
}
