import type { SourceDescription, Stage, TimedRecord } from './pipeline-description.ts'
import { lateResult, windowResult } from './record-functions.ts'

type WindowStage = Extract<Stage, { kind: 'window' }>

/** A window of one key with what it holds. */
interface KeyWindow {
  readonly key: string
  readonly startMs: number
  readonly endMs: number
  readonly sum: number
}

/** Windows over records none of which is late: each window gives one result. */
export function plainWindows(
  stream: readonly TimedRecord[],
  stage: WindowStage,
): readonly TimedRecord[] {
  const windows =
    stage.shape === 'session' ? sessions(stream, stage.sizeMs) : alignedWindows(stream, stage)
  return windows.map(resultOf)
}

/**
 * Windows over records in one certain order, with the watermarks that the source makes of them:
 * what is late goes on by itself, what comes within the lateness fires its windows again.
 */
export function lateWindows(
  stream: readonly TimedRecord[],
  stage: WindowStage,
  source: SourceDescription,
): readonly TimedRecord[] {
  const results: TimedRecord[] = []
  let live: KeyWindow[] = []
  let watermarkMs = Number.NEGATIVE_INFINITY
  const watermarks = watermarksOf(source)
  const isOver = (window: KeyWindow): boolean => window.endMs - 1 + stage.latenessMs <= watermarkMs
  const advance = (toMs: number): void => {
    const due = live.filter(({ endMs }) => endMs - 1 > watermarkMs && endMs - 1 <= toMs)
    results.push(...due.map(resultOf))
    watermarkMs = toMs
    live = live.filter((window) => !isOver(window))
  }
  for (const event of interleaved(source, stream, watermarks)) {
    if (typeof event === 'number') {
      advance(event)
      continue
    }
    const { record, timestampMs } = event
    let isTaken = false
    for (const window of windowsOf(event, stage)) {
      const { result, others } = joinWindow(live, window, stage.shape === 'session')
      if (isOver(result)) continue
      isTaken = true
      live = [...others, result]
      if (result.endMs - 1 <= watermarkMs) results.push(resultOf(result))
    }
    if (!isTaken && timestampMs + stage.latenessMs <= watermarkMs) {
      results.push({ record: lateResult(record), timestampMs })
    }
  }
  advance(Number.POSITIVE_INFINITY)
  return results
}

/** Puts a window among those of its key: into the equal one, or merged with its neighbours. */
function joinWindow(
  live: readonly KeyWindow[],
  added: KeyWindow,
  merges: boolean,
): { readonly result: KeyWindow; readonly others: readonly KeyWindow[] } {
  const belongs = (window: KeyWindow): boolean => {
    if (window.key !== added.key) return false
    if (merges) return window.startMs <= added.endMs && window.endMs >= added.startMs
    return window.startMs === added.startMs
  }
  const result = live.filter(belongs).reduce((left, right) => cover(left, right), added)
  return { result, others: live.filter((window) => !belongs(window)) }
}

/** What a sliding or tumbling window operator does with a record, window by window. */
function windowsOf({ record, timestampMs }: TimedRecord, stage: WindowStage): readonly KeyWindow[] {
  const { key, n } = record
  const { shape, sizeMs } = stage
  if (shape === 'session') {
    return [{ key, startMs: timestampMs, endMs: timestampMs + sizeMs, sum: n }]
  }
  const slideMs = shape === 'sliding' ? stage.slideMs : sizeMs
  const windows: KeyWindow[] = []
  const lastMs = Math.floor(timestampMs / slideMs) * slideMs
  for (let startMs = lastMs; startMs + sizeMs > timestampMs; startMs -= slideMs) {
    windows.push({ key, startMs, endMs: startMs + sizeMs, sum: n })
  }
  return windows
}

function alignedWindows(stream: readonly TimedRecord[], stage: WindowStage): readonly KeyWindow[] {
  const windows = new Map<string, KeyWindow>()
  for (const window of stream.flatMap((one) => windowsOf(one, stage))) {
    const name = `${window.key} ${window.startMs}`
    const known = windows.get(name)
    windows.set(name, known === undefined ? window : cover(known, window))
  }
  return [...windows.values()]
}

function sessions(stream: readonly TimedRecord[], gapMs: number): readonly KeyWindow[] {
  const windows: KeyWindow[] = []
  const sorted = [...stream].sort((left, right) => left.timestampMs - right.timestampMs)
  for (const [key, records] of Map.groupBy(sorted, ({ record }) => record.key)) {
    let open: KeyWindow | undefined
    for (const { record, timestampMs } of records) {
      const single = { key, startMs: timestampMs, endMs: timestampMs + gapMs, sum: record.n }
      if (open !== undefined && timestampMs <= open.endMs) {
        open = cover(open, single)
        continue
      }
      if (open !== undefined) windows.push(open)
      open = single
    }
    if (open !== undefined) windows.push(open)
  }
  return windows
}

function cover(left: KeyWindow, right: KeyWindow): KeyWindow {
  return {
    key: left.key,
    startMs: Math.min(left.startMs, right.startMs),
    endMs: Math.max(left.endMs, right.endMs),
    sum: left.sum + right.sum,
  }
}

function resultOf({ key, startMs, endMs, sum }: KeyWindow): TimedRecord {
  return { record: windowResult(key, startMs, endMs, sum), timestampMs: endMs - 1 }
}

/** The watermark right behind each record of a source of one split; undefined for none. */
function watermarksOf(source: SourceDescription): readonly (number | undefined)[] {
  let highestMs = Number.NEGATIVE_INFINITY
  let sentMs = Number.NEGATIVE_INFINITY
  return source.steps.flatMap((step) =>
    step.records.map(({ timestampMs }) => {
      highestMs = Math.max(highestMs, timestampMs)
      const nextMs = highestMs - source.boundMs - 1
      if (nextMs - sentMs < source.emitEveryMs) return undefined
      sentMs = nextMs
      return nextMs
    }),
  )
}

/**
 * The records of the stream before the window, in order, with the watermarks between them. The
 * stages before it make any number of records of one, but never change the order.
 */
function* interleaved(
  source: SourceDescription,
  stream: readonly TimedRecord[],
  watermarks: readonly (number | undefined)[],
): Generator<TimedRecord | number> {
  const sourceRecords = source.steps.flatMap((step) => step.records)
  let next = 0
  for (const [index, { record }] of sourceRecords.entries()) {
    for (; next < stream.length; next++) {
      const one = stream[next] as TimedRecord
      if (one.record.id.split('/')[0] !== record.id) break
      yield one
    }
    const watermarkMs = watermarks[index]
    if (watermarkMs !== undefined) yield watermarkMs
  }
}
