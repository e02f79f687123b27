import type { OutputTag } from '../../core/output-tag.ts'
import type { Evictor } from '../../operator/window/evictor.ts'
import type { WindowMerge } from '../../operator/window/merge-trace.ts'
import type { Window } from '../../operator/window/window.ts'

/**
 * Settings of a windowed stream that few programs need. Each returns the stream, of type `Self`.
 */
export interface WindowRefinements<T, W extends Window, Self> {
  /**
   * Takes records out of a window when it fires, before or after the computation. The window then
   * keeps all its records in state, also for `reduce` and `aggregate`.
   *
   * ```ts
   * const lastTwo = env
   *   .fromElements(1, 2, 3, 4)
   *   .keyBy(() => 'all')
   *   .window(globalWindows())
   *   .trigger(countTrigger(2))
   *   .evictor(countEvictor(2))
   * await lastTwo.sum().executeAndCollect() // => [3, 7]
   * ```
   */
  evictor(evictor: Evictor<T, W>): Self
  /**
   * Sends a line to a side output of the result each time windows merge: the key, the windows
   * before and the one after. To see how a session came to be. Windows that merge only; without it
   * the metric `numWindowMerges` says how often sessions that were apart became one.
   *
   * ```ts
   * const merges = outputTag<WindowMerge>('merges')
   * const source = collectionSource([0, 8], { timestamp: (ms) => ms })
   * const sessions = env
   *   .fromSource(source, watermarks.monotonous())
   *   .keyBy(() => 'all')
   *   .window(eventTimeSessionWindows(10))
   *   .sideOutputMerges(merges)
   *   .sum()
   * await sessions.getSideOutput(merges).executeAndCollect()
   * // => [{ key: 'all', before: ['[0, 10)', '[8, 18)'], after: '[0, 18)' }]
   * ```
   */
  sideOutputMerges(tag: OutputTag<WindowMerge>): Self
  /**
   * Aggregates in two phases: first where the records are, then by key. However many records a hot
   * key has, its subtask gets one partial aggregate for each sender and stretch of time. The
   * results are the same, if the order in which records are folded makes no difference.
   *
   * On threads the plan does so by itself where nobody can tell: see the option
   * `pipeline.pre-aggregation`. This asks for it everywhere.
   *
   * For event-time windows other than sessions, with their own trigger, before `reduce`,
   * `aggregate`, `sum` and their like.
   *
   * Late records are those of one phase: dropped and counted one by one, or, with
   * `allowedLateness` and `sideOutputLateData`, handed on one by one, each firing its windows or
   * put aside as it is. With either of the two, an input that was idle is no longer aggregated
   * ahead until the job starts again, as anything it brings may be late; and the first phase keeps
   * its watermark in state, under the uid of the windows with `-local` behind it. A job that goes
   * on from a savepoint without that state does not know how far the windows were: records behind
   * may come folded, which fire once together, and are counted as dropped in place of put aside.
   *
   * ```ts
   * const views = ['home', 'home', 'home', 'cart'].map((page) => ({ page, n: 1 }))
   * const source = collectionSource(views, { timestamp: () => 0 })
   * const counts = env
   *   .fromSource(source, watermarks.monotonous())
   *   .keyBy('page')
   *   .window(tumblingEventTimeWindows(1_000))
   *   .twoPhase()
   *   .sum('n')
   *   .map(({ page, n }) => `${page} ${n}`)
   * const lines = await counts.executeAndCollect()
   * lines.sort() // => ['cart 1', 'home 3']
   * ```
   * @throws INVALID_PROGRAM for windows that are not known beforehand, and from the computation
   *   that follows if it needs the records themselves: `process`, `evictor`, `trigger`
   */
  twoPhase(options?: TwoPhaseOptions): Self
  /**
   * Leaves the records to the owner of their key, also where the plan would fold them ahead of the
   * exchange, as the option `pipeline.pre-aggregation` says: for functions that do depend on how
   * records are put together, such as sums of fractions that must not differ in the last digit.
   *
   * ```ts
   * const source = collectionSource([0.1, 0.2, 0.3], { timestamp: () => 0 })
   * const sums = env
   *   .fromSource(source, watermarks.monotonous())
   *   .keyBy(() => 'all')
   *   .window(tumblingEventTimeWindows(1_000))
   *   .onePhase()
   * await sums.sum().executeAndCollect() // => [0.6000000000000001]
   * ```
   */
  onePhase(): Self
}

/** How {@link WindowRefinements.twoPhase} holds what the first phase has folded. */
export interface TwoPhaseOptions {
  /** Partial aggregates a subtask holds before it hands all of them on. Default 32,768. */
  readonly entriesMax?: number
}
