import { sequenceSource, types, watermarks } from '@millrace/engine'
import { mix } from '../../digest/mix.ts'
import { type CheckedJob, rowAdder } from '../../jobs/checked-job.ts'

interface WordCount {
  readonly word: string
  readonly count: number
}

const WORDS_PER_LINE = 8
const WORDS = 10_000
const LINES = Array.from({ length: 4_096 }, (_, line) =>
  Array.from({ length: WORDS_PER_LINE }, (_, place) => {
    const word = mix(line * WORDS_PER_LINE + place)
    return `word-${(word % WORDS).toString(36)}`
  }).join(' '),
)

/** How often each word has come so far, told with every word. A record is a word. */
export const wordCount: CheckedJob<WordCount> = {
  name: 'word-count',
  results: (env, { records }) =>
    env
      .fromSource(
        sequenceSource(0, records / WORDS_PER_LINE - 1),
        watermarks.none<number>(),
        'numbers',
      )
      .map(lineOf)
      .flatMap<WordCount>((line, out) => {
        for (const word of line.split(' ')) out.collect({ word, count: 1 })
      })
      .returns(types.row({ word: types.string, count: types.int }))
      .keyBy(({ word }) => word, types.string)
      .reduce(({ word, count }, right) => ({ word, count: count + right.count })),
  adder: rowAdder(({ word, count }, hash) => hash.text(word).number(count)),
  plainly({ records }, add) {
    const counts = new Map<string, number>()
    for (let line = 0; line < records / WORDS_PER_LINE; line++) {
      for (const word of lineOf(line).split(' ')) {
        const count = (counts.get(word) ?? 0) + 1
        counts.set(word, count)
        add({ word, count })
      }
    }
  },
}

function lineOf(n: number): string {
  return LINES[n % LINES.length] as string
}
