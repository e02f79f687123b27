import { BinaryHeap } from '../../base/binary-heap.ts'
import type { Counter } from '../../core/metrics.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { NamespaceView } from '../../state/keyed-state-backend.ts'
import { VOID_NAMESPACE } from '../../state/namespace.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import type { KeySelector } from '../function/functions.ts'
import { functionError } from '../record-error.ts'
import { KeyedWindowOperator } from './keyed-window-operator.ts'
import { LateRecords } from './late-records.ts'
import { MergeTrace } from './merge-trace.ts'
import { missingTimestamp } from './missing-timestamp.ts'
import { TimeWindow } from './time-window.ts'
import type { SessionWindows } from './window-assigner.ts'
import type { WindowPlan } from './window-operator-options.ts'

/** An open session of a key, as it lies in the state. */
interface Session {
  startMs: number
  endMs: number
  /** When it is looked at next, unless the watermark does not get that far. */
  checkMs: number
  /** Order of the last change of its end, by which sessions that end together fire. */
  sequence: number
  contents: unknown
}

/** Says that a session of a key is to be looked at. Counts only while the session agrees. */
interface Check {
  readonly key: unknown
  readonly atMs: number
  readonly sequence: number
}

/** The part of a record's way that its fold needs. */
interface Arrival<IN> {
  value: IN
  startMs: number
  endMs: number
}

/**
 * Event-time sessions that fire when the watermark passes their end.
 *
 * The sessions of a key are one short list in the state, contents included, so a record costs one
 * look-up. A session that grows does not move a timer: it is looked at when its end was due at
 * first, and put off to its present end then. What is to be looked at follows from the state, and
 * is found again in it after a restore.
 */
export class SessionWindowOperator<IN, OUT, K> extends KeyedWindowOperator<IN, OUT, K, TimeWindow> {
  readonly #keySelector: KeySelector<IN, K>
  readonly #gaps: SessionWindows<IN>
  #view!: NamespaceView<Session[]>
  #late!: LateRecords<IN>
  #merges!: Counter
  #trace: MergeTrace | undefined
  readonly #checks = new BinaryHeap<Check>(isDueBefore)
  #nextSequence = 0
  readonly #arrival: Arrival<IN> = { value: undefined as IN, startMs: 0, endMs: 0 }
  /** The session that the record under way went to. */
  #touched: Session | undefined
  /** True if the record joined sessions, and is not folded into the result yet. */
  #hasMerged = false

  constructor(plan: WindowPlan<IN, OUT, K, TimeWindow>, gaps: SessionWindows<IN>) {
    super(plan)
    this.#keySelector = plan.keySelector
    this.#gaps = gaps
  }

  override initializeState(): void {
    super.initializeState()
    const { context, output } = this
    const { contents, mergeTag } = this.plan
    this.#late = new LateRecords(context, output, this.plan)
    this.#merges = context.metrics.counter('numWindowMerges')
    this.#trace = mergeTag === undefined ? undefined : new MergeTrace(output, mergeTag)
    const table = context.keyedState.table('millrace-sessions', sessionsType(contents.type))
    this.#view = table.namespace(VOID_NAMESPACE)
    this.#view.forEach((key, sessions) => {
      for (const { checkMs, sequence } of sessions) {
        this.#checks.push({ key, atMs: checkMs, sequence })
        this.#nextSequence = Math.max(this.#nextSequence, sequence + 1)
      }
    })
  }

  protected override processRecord(value: IN, timestampMs: number): void {
    if (!Number.isFinite(timestampMs)) throw missingTimestamp(this.context, value, timestampMs)
    const key = this.#keySelector(value)
    const endMs = timestampMs + this.#gaps.gapMsOf(value)
    const watermarkMs = this.watermark.currentMs
    if (this.#cleanupMs(endMs) <= watermarkMs && !this.#touches(key, timestampMs, endMs)) {
      if (timestampMs + this.plan.allowedLatenessMs <= watermarkMs) {
        this.#late.add(value, timestampMs)
      }
      return
    }
    const arrival = this.#arrival
    arrival.value = value
    arrival.startMs = timestampMs
    arrival.endMs = endMs
    this.#view.fold(key, key, this.#take)
    if (this.#hasMerged) this.#view.fold(key, value, this.#foldMerged)
    const session = this.#touched as Session
    if (session.endMs - 1 > watermarkMs) return
    const window = new TimeWindow(session.startMs, session.endMs)
    this.emitter.emit(key, window, session.contents, watermarkMs, true)
  }

  override processWatermark(timestampMs: number): void {
    if (this.watermark.advance(timestampMs)) this.#check()
    this.output.emitWatermark(this.watermark.currentMs)
  }

  endKey(): void {
    if (this.watermark.advance(MAX_WATERMARK_MS)) this.#check()
    this.context.keyedState.endKey()
    this.watermark.beginAnew()
  }

  /** Takes the arrival into the sessions of its key; a fold of the state table. */
  readonly #take = (before: Session[] | undefined, key: K): Session[] => {
    const { fold } = this.plan.contents
    const { value, startMs, endMs } = this.#arrival
    this.#hasMerged = false
    let session: Session | undefined
    const sessions = before ?? []
    for (let i = 0; i < sessions.length; i++) {
      const one = sessions[i] as Session
      if (startMs > one.endMs || endMs < one.startMs) continue
      if (session !== undefined) return this.#takeMerging(sessions, key)
      session = one
    }
    if (session === undefined) {
      const contents = fold(undefined, value)
      session = { startMs, endMs, checkMs: Number.POSITIVE_INFINITY, sequence: 0, contents }
      this.#changed(session, key)
      sessions.push(session)
    } else {
      // First, so that a record whose fold throws leaves the session as it was.
      session.contents = fold(session.contents, value)
      if (startMs < session.startMs || endMs > session.endMs) {
        this.#trace?.add(key, [session, this.#arrival], startMs)
        session.startMs = Math.min(session.startMs, startMs)
        session.endMs = Math.max(session.endMs, endMs)
        this.#changed(session, key)
      }
    }
    this.#touched = session
    return sessions
  }

  /**
   * The rare case that a record joins sessions that were apart. It is folded in afterwards: if that
   * fails, the merge stands.
   */
  #takeMerging(sessions: readonly Session[], key: K): Session[] {
    const { merge } = this.plan.contents
    const { startMs, endMs } = this.#arrival
    const touches = (one: Session): boolean => startMs <= one.endMs && endMs >= one.startMs
    const [first, ...others] = sessions.filter(touches) as [Session, ...Session[]]
    this.#trace?.add(key, [first, ...others, this.#arrival], startMs)
    this.#merges.add(1)
    let contents = first.contents
    for (const other of others) contents = merge(contents, other.contents)
    const session: Session = {
      startMs: Math.min(startMs, first.startMs, ...others.map((one) => one.startMs)),
      endMs: Math.max(endMs, first.endMs, ...others.map((one) => one.endMs)),
      checkMs: Number.POSITIVE_INFINITY,
      sequence: 0,
      contents,
    }
    this.#changed(session, key)
    this.#hasMerged = true
    return [...sessions.filter((one) => !touches(one)), session]
  }

  /** Folds a record into the sessions it has merged: the last of the list. */
  readonly #foldMerged = (sessions: Session[] | undefined, value: IN): Session[] => {
    const list = sessions as Session[]
    const session = list.at(-1) as Session
    session.contents = this.plan.contents.fold(session.contents, value)
    this.#touched = session
    return list
  }

  /** The end of a session may have changed: makes sure that it is looked at in time. */
  #changed(session: Session, key: unknown): void {
    session.sequence = this.#nextSequence++
    const lastMs = session.endMs - 1
    const dueMs = lastMs > this.watermark.currentMs ? lastMs : this.#cleanupMs(session.endMs)
    if (session.checkMs <= dueMs) return
    this.#checkAt(session, key, dueMs)
  }

  #checkAt(session: Session, key: unknown, atMs: number): void {
    session.checkMs = atMs
    this.#checks.push({ key, atMs, sequence: session.sequence })
  }

  /** Looks at the sessions that are due: fires them, gives them up, or puts them off. */
  #check(): void {
    const watermarkMs = this.watermark.currentMs
    for (;;) {
      const check = this.#checks.peek()
      if (check === undefined || check.atMs > watermarkMs) return
      this.#checks.pop()
      const sessions = this.#view.get(check.key)
      if (sessions === undefined) continue
      const due = sessions.filter((one) => one.checkMs === check.atMs)
      const session = due.find((one) => one.sequence === check.sequence) ?? due[0]
      if (session !== undefined) this.#lookAt(check, sessions, session)
    }
  }

  #lookAt({ key, atMs, sequence }: Check, sessions: readonly Session[], session: Session): void {
    const watermarkMs = this.watermark.currentMs
    const lastMs = session.endMs - 1
    const cleanupMs = this.#cleanupMs(session.endMs)
    const window = new TimeWindow(session.startMs, session.endMs)
    if (atMs < lastMs || sequence !== session.sequence) {
      const putOff = { ...session }
      this.#checkAt(putOff, key, Math.max(atMs, lastMs))
      this.#view.put(key, replaced(sessions, session, putOff))
      return
    }
    this.#callUser(window, key, () => {
      if (atMs === lastMs) {
        this.emitter.emit(key, window, session.contents, watermarkMs, cleanupMs > atMs)
      }
      if (atMs >= cleanupMs) this.emitter.clear(key, window, watermarkMs)
    })
    if (atMs >= cleanupMs) {
      const left = replaced(sessions, session)
      if (left.length === 0) this.#view.remove(key)
      else this.#view.put(key, left)
      return
    }
    const fired = { ...session }
    this.#checkAt(fired, key, cleanupMs)
    this.#view.put(key, replaced(sessions, session, fired))
  }

  #touches(key: K, startMs: number, endMs: number): boolean {
    const sessions = this.#view.get(key)
    return sessions?.some((one) => startMs <= one.endMs && endMs >= one.startMs) ?? false
  }

  #cleanupMs(endMs: number): number {
    return Math.min(endMs - 1 + this.plan.allowedLatenessMs, MAX_WATERMARK_MS)
  }

  #callUser(window: TimeWindow, key: unknown, run: () => void): void {
    try {
      run()
    } catch (error) {
      this.guard.throwIfFailed()
      throw functionError(this.context, `the firing of ${window} of key ${String(key)}`, error)
    }
    this.guard.throwIfFailed()
  }
}

function sessionsType(contents: TypeInformation<unknown> | undefined): TypeInformation<Session[]> {
  return types.array(
    types.row({
      startMs: types.number,
      endMs: types.number,
      checkMs: types.number,
      sequence: types.int,
      contents: contents ?? types.generic(),
    }),
  )
}

/** A list with a session replaced, or left out. New, since the old one may be in a snapshot. */
function replaced(sessions: readonly Session[], old: Session, by?: Session): Session[] {
  const list: Session[] = []
  for (const one of sessions) {
    if (one !== old) list.push(one)
    else if (by !== undefined) list.push(by)
  }
  return list
}

function isDueBefore(left: Check, right: Check): boolean {
  if (left.atMs !== right.atMs) return left.atMs < right.atMs
  return left.sequence < right.sequence
}
