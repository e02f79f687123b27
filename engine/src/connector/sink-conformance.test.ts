import { describe, test } from 'vitest'
import { MemoryFileSystem } from '../../test/support/memory-file-system.ts'
import { type SinkConformanceOptions, sinkConformance } from '../testing/kit/sink-conformance.ts'
import { TestEnv } from '../testing/test-env.ts'
import { collectSink } from './collect/collect-sink.ts'
import type { FileCommittable, FileSinkState } from './file-sink/file-committable.ts'
import { textEncoder } from './file-sink/file-encoder.ts'
import { type FileSinkOptions, fileSink } from './file-sink/file-sink.ts'
import { printSink } from './print/print-sink.ts'

const records = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']

function suite<T, C, S, Target>(name: string, options: SinkConformanceOptions<T, C, S, Target>) {
  describe(name, () => {
    for (const { name, run } of sinkConformance(options)) test(name, run)
  })
}

function visibleLines(files: MemoryFileSystem): readonly string[] {
  const visible = files.paths().filter((path) => !path.includes('/.'))
  return visible.flatMap((path) => files.text(path).split('\n').slice(0, -1))
}

function fileSinkSuite(name: string, options: Partial<FileSinkOptions<string>>): void {
  suite<string, FileCommittable, FileSinkState, MemoryFileSystem>(`file sink ${name}`, {
    makeEnv: (seed) => new TestEnv({ seed, fileSystem: new MemoryFileSystem() }),
    makeTarget: ({ fileSystem }) => fileSystem as MemoryFileSystem,
    makeSink: () => fileSink<string>({ path: '/out', encode: textEncoder(), ...options }),
    readCommitted: visibleLines,
    records,
    lose: (committable) => ({
      ...committable,
      hiddenPath: `${committable.hiddenPath}-gone`,
      finalPath: `${committable.finalPath}-gone`,
    }),
  })
}

fileSinkSuite('that rolls at checkpoints', {})
fileSinkSuite('that rolls by size', { rolling: { maxSizeBytes: 3 } })
fileSinkSuite('with buckets', { bucket: (record) => (record < 'd' ? 'x/y' : '') })

suite('collect sink', {
  makeTarget: (): string[] => [],
  makeSink: (seen) => {
    // The sink is told of its committed ids by the program that made it, so it lives as long.
    const known = sinkOf.get(seen)
    if (known !== undefined) return known
    const sink = collectSink<string>({ add: (value) => seen.push(value) })
    sinkOf.set(seen, sink)
    return sink
  },
  readCommitted: (seen) => seen,
  records,
})

suite('print sink', {
  makeTarget: (): string[] => [],
  makeSink: (seen) => printSink<string>({ write: (line) => seen.push(line.replace(/^\d> /, '')) }),
  readCommitted: (seen) => seen,
  records,
  guarantee: 'at-least-once',
})

const sinkOf = new WeakMap<string[], ReturnType<typeof collectSink<string>>>()
