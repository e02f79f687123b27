/// <reference types="node" />
// A program that runs two jobs which look alike: the threads of the second would run the first.
import { getExecutionEnvironment } from '../../../src/index.ts'

const results: string[] = []
for (const text of ['first', 'second']) {
  const env = getExecutionEnvironment().configure({ 'execution.target': 'threads' })
  const texts = env
    .fromElements('one')
    .rebalance()
    .map((word) => `${text} ${word}`)
  results.push(
    await texts.executeAndCollect().then(
      (records) => records.join(),
      ({ code, message }) => `${code}: ${message}`,
    ),
  )
}
process.stdout.write(JSON.stringify(results))
