import { describe, expect, test } from 'vitest'
import { collectionSource } from '../../connector/collection/collection-source.ts'
import type { Source, SourceReader } from '../../operator/source/source.ts'
import { record, scriptedSource } from '../index.ts'
import { sourceConformance } from './source-conformance.ts'

interface Split {
  next: number
  readonly end: number
}

interface State {
  readonly left: readonly Split[]
}

/** What is wrong with the planted source. */
type Fault =
  | 'none'
  | 'position one too early'
  | 'position one too late'
  | 'live snapshot'
  | 'drops a split at restore'
  | 'forgets splits given back'
  | 'reads each split twice over subtasks'
  | 'does not wake after a split has come'
  | 'does not wake at the end'
  | 'emits after the end'
  | 'emits more than asked for'
  | 'keeps finished splits'
  | 'loses the last record'
  | 'second close throws'
  | 'first poll throws before a split has come'

const COUNT = 30
const expected = Array.from({ length: COUNT }, (_value, index) => index)

/** Three splits of ten numbers, with one fault. */
function plantedSource(fault: Fault): Source<number, Split, State> {
  return {
    name: 'planted',
    boundedness: 'bounded',
    createEnumerator: (context, restored) => {
      let left: Split[] = restored
        ? [...restored.left].slice(fault === 'drops a split at restore' ? 1 : 0)
        : [0, 10, 20].map((next) => ({ next, end: next + 10 }))
      return {
        start: () => {},
        addReader: () => {},
        close: () => {},
        snapshotState: () => ({ left }),
        addSplitsBack: (splits) => {
          if (fault !== 'forgets splits given back') left = [...splits, ...left]
        },
        handleSplitRequest: (subtask) => {
          const [split, ...others] = left
          if (split === undefined) return context.signalNoMoreSplits(subtask)
          left = others
          context.assignSplit(split, subtask)
          if (fault === 'reads each split twice over subtasks' && context.parallelism > 3) {
            context.assignSplit(split, (subtask + 1) % context.parallelism)
          }
        },
      }
    },
    createReader: (context) => plantedReader(fault, context),
  }
}

function plantedReader(
  fault: Fault,
  context: Parameters<Source<number, Split, State>['createReader']>[0],
): SourceReader<number, Split> {
  let splits: Split[] = []
  let noMore = false
  let closes = 0
  let asked = false
  const ask = (): void => {
    if (asked || noMore) return
    asked = true
    context.requestSplit()
  }
  const positions = (): readonly Split[] => {
    if (fault === 'live snapshot') return splits
    const shift =
      fault === 'position one too early' ? -1 : fault === 'position one too late' ? 1 : 0
    return splits.map(({ next, end }) => ({ next: next % 10 === 0 ? next : next + shift, end }))
  }
  return {
    start: () => {
      if (splits.length === 0) ask()
    },
    poll: (output, maxRecords) => {
      const [split] = splits
      if (split === undefined) {
        if (noMore) {
          if (fault === 'emits after the end') output.collect(0, Number.NaN)
          return 'end'
        }
        if (fault === 'first poll throws before a split has come') throw new Error('no split')
        ask()
        return 'waiting'
      }
      const more = fault === 'emits more than asked for' ? maxRecords + 1 : maxRecords
      const last = fault === 'loses the last record' && split.end === COUNT ? COUNT - 1 : split.end
      for (let i = 0; i < more && split.next < last; i++) output.collect(split.next++, Number.NaN)
      if (split.next >= last && fault !== 'keeps finished splits') splits = splits.slice(1)
      if (split.next >= last && fault === 'keeps finished splits' && noMore) return 'end'
      if (split.next >= last && fault === 'keeps finished splits') ask()
      return 'more'
    },
    addSplits: (more) => {
      asked = false
      if (fault === 'keeps finished splits')
        splits = [...more.map((split) => ({ ...split })), ...splits]
      else splits = [...splits, ...more.map((split) => ({ ...split }))]
      if (fault !== 'does not wake after a split has come') context.wakeUp()
    },
    notifyNoMoreSplits: () => {
      noMore = true
      if (fault !== 'does not wake at the end') context.wakeUp()
    },
    snapshotState: positions,
    close: () => {
      if (++closes > 1 && fault === 'second close throws') throw new Error('closed already')
    },
  }
}

async function verdicts(fault: Fault): Promise<readonly string[]> {
  const cases = sourceConformance({ makeSource: () => plantedSource(fault), expected })
  const failed: string[] = []
  for (const { name, run } of cases) {
    await run().catch((error: Error) => failed.push(`${name}: ${error.message}`))
  }
  return failed
}

const faults: readonly [Fault, RegExp][] = [
  ['position one too early', /restored from the snapshot.*DUPLICATED/],
  ['position one too late', /restored from the snapshot.*LOST/],
  ['live snapshot', /return copies/],
  ['drops a split at restore', /restored from the snapshot.*LOST/],
  ['forgets splits given back', /gives its splits back.*LOST/],
  ['reads each split twice over subtasks', /at parallelism 4.*DUPLICATED/],
  ['does not wake after a split has come', /is stuck/],
  ['does not wake at the end', /is stuck/],
  ['emits after the end', /came after `end`/],
  ['emits more than asked for', /no more than asked for/],
  ['keeps finished splits', /Leave finished splits out/],
  ['loses the last record', /LOST/],
  ['second close throws', /closed already/],
  ['first poll throws before a split has come', /no split/],
]

describe('the kit finds what is wrong with a source', () => {
  test('a right one passes', async () => {
    expect(await verdicts('none')).toEqual([])
  })

  test.each(faults)('%s', async (fault, message) => {
    expect((await verdicts(fault)).join('\n')).toMatch(message)
  })

  test('missing, extra and malformed records', async () => {
    const run = (makeSource: () => Source<string, never, never>, malformedCount = 0) =>
      sourceConformance({ makeSource, expected: ['a', 'b'], malformedCount })[0]?.run()
    const source =
      (...values: string[]) =>
      () =>
        collectionSource(values) as never
    await expect(run(source('a'))).rejects.toThrow('LOST 1')
    await expect(run(source('a', 'b', 'c'))).rejects.toThrow('UNEXPECTED 1')
    await expect(run(source('a', 'b', 'b'))).rejects.toThrow('DUPLICATED 1')
    await expect(run(source('a', 'b'), 1)).rejects.toThrow('0 records were reported as malformed')
  })
})

describe('the scripted source passes', () => {
  const makeSource = () => scriptedSource([[record('a', 1), record('b', 2)], [record('c', 3)], []])
  for (const { name, run } of sourceConformance({ makeSource, expected: ['a', 'b', 'c'] })) {
    test(name, run)
  }
})
