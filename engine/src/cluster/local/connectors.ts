import type { BuiltInConnectors } from '../../api/datastream/built-in-connectors.ts'
import { collectSink } from '../../connector/collect/collect-sink.ts'
import { collectionSource } from '../../connector/collection/collection-source.ts'
import { sequenceSource } from '../../connector/collection/sequence-source.ts'
import { fileSource } from '../../connector/file/file-source.ts'
import { textLines } from '../../connector/file/text-lines.ts'
import { csvEncoder } from '../../connector/file-sink/csv-encoder.ts'
import { textEncoder } from '../../connector/file-sink/file-encoder.ts'
import { fileSink } from '../../connector/file-sink/file-sink.ts'
import { printSink } from '../../connector/print/print-sink.ts'
import { socketTextSource } from '../../connector/socket/socket-text-source.ts'
import type { Sink } from '../../operator/sink/sink.ts'
import type { Source } from '../../operator/source/source.ts'

/** The connectors behind the short forms of the API. */
export const builtInConnectors: BuiltInConnectors = Object.freeze({
  collection: <T>(values: readonly T[]) => erasedSource(collectionSource(values)),
  sequence: (from: number, to: number) => erasedSource(sequenceSource(from, to)),
  textFile: (path: string) => erasedSource(fileSource({ path, format: textLines() })),
  socketText: (options: Parameters<BuiltInConnectors['socketText']>[0]) =>
    erasedSource(socketTextSource(options)),
  print: ({ prefix, toErr }: { readonly prefix: string; readonly toErr: boolean }) =>
    erasedSink<unknown>(printSink({ prefix, stderr: toErr })),
  textFiles: (path: string) =>
    erasedSink<unknown>(fileSink({ path, encode: textEncoder(), suffix: '.txt' })),
  csvFiles: (path: string, columns: readonly string[]) => {
    const encode = csvEncoder<Readonly<Record<string, unknown>>>(columns)
    return erasedSink<unknown>(fileSink({ path, encode, suffix: '.csv' }))
  },
  collect: <T>(target: { add(value: T): void }) => erasedSink<T>(collectSink(target)),
})

/** Forgets the types of splits and enumerator state, which nobody outside of the source needs. */
function erasedSource<T, Split, State>(
  source: Source<T, Split, State>,
): Source<T, unknown, unknown> {
  return source as unknown as Source<T, unknown, unknown>
}

function erasedSink<T>(sink: Sink<T, never, never> | object): Sink<T, unknown, unknown> {
  return sink as Sink<T, unknown, unknown>
}
