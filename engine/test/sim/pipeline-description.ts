/**
 * `test/sim` is the proof of exactly-once: random pipelines run on a simulated machine that
 * crashes, and what they commit is compared with the answer of a plain program. A pipeline is
 * described by plain data, so that a failure can be written down, replayed and made smaller.
 */

/** The records of all random pipelines. */
export interface SimRecord {
  /** Unique in a stream, except behind windows that fire again. */
  readonly id: string
  readonly key: string
  readonly n: number
}

/** A record with its event time; `NaN` for none. */
export interface TimedRecord {
  readonly record: SimRecord
  readonly timestampMs: number
}

/** Records that appear in a split at one moment. */
export interface FeedStep {
  /** Virtual time since the world began. */
  readonly atMs: number
  readonly split: number
  readonly records: readonly TimedRecord[]
}

/** A source: what appears in its splits, and how event time is read from it. */
export interface SourceDescription {
  readonly splitCount: number
  readonly parallelism: number
  readonly steps: readonly FeedStep[]
  /** Virtual time after which nothing comes any more. */
  readonly endMs: number
  readonly boundMs: number
  readonly emitEveryMs: number
  /** True if every key occurs in one split only. */
  readonly disjointKeys: boolean
}

/** How a window computes: each way keeps other state. */
export type WindowWay = 'aggregate' | 'reduce' | 'list'

/** What a stage does, without where it runs. */
export type StageBody =
  | { readonly kind: 'map'; readonly add: number }
  | { readonly kind: 'filter'; readonly modulus: number }
  | { readonly kind: 'flatMap'; readonly copies: number }
  /** Gives records other keys, out of `keyCount`. */
  | { readonly kind: 'rekey'; readonly keyCount: number }
  | { readonly kind: 'exchange'; readonly how: 'rebalance' | 'shuffle' | 'rescale' }
  /** The stream and a changed copy of a part of it. */
  | { readonly kind: 'selfUnion'; readonly modulus: number }
  /** Doubles every record, then drops doubles by map state. */
  | { readonly kind: 'distinct' }
  /** Numbers the records of each key by a rolling reduce. */
  | { readonly kind: 'count' }
  /** Rolling sum of `n` per key; needs an order. */
  | { readonly kind: 'runningSum' }
  /** Each record with the one before of its key, by value state; needs an order. */
  | { readonly kind: 'previous' }
  /** Sums per key and stretch of event time, by map state and event-time timers. */
  | { readonly kind: 'buckets'; readonly sizeMs: number }
  /** Holds records back in list state until a processing-time timer fires. */
  | { readonly kind: 'hold'; readonly delayMs: number }
  | {
      readonly kind: 'window'
      readonly shape: 'tumbling' | 'sliding' | 'session'
      readonly sizeMs: number
      readonly slideMs: number
      readonly latenessMs: number
      /** True if records may be late here; they go on with the results. */
      readonly late: boolean
      readonly way: WindowWay
    }

/** A stage of a pipeline. */
export type Stage = StageBody & { readonly parallelism: number; readonly startsChain: boolean }

/** A whole job. */
export interface PipelineDescription {
  /** One source, or two that `combine` brings together. */
  readonly sources: readonly SourceDescription[]
  /** `join` pairs all records of equal keys from both sides. */
  readonly combine: 'union' | 'join'
  readonly combineParallelism: number
  readonly stages: readonly Stage[]
  readonly sinks: readonly ('file' | 'log')[]
  readonly sinkParallelism: number
  /** Whether part files span checkpoints. */
  readonly spanningFiles: boolean
  readonly chaining: boolean
  /** True if each start of the process changes the parallelism of keyed stages and sinks. */
  readonly rescales: boolean
  readonly checkpointIntervalMs: number
  readonly restartDelayMs: number
  readonly retainedCheckpoints: number
  readonly channelCredits: number
  readonly commitDelayMs: number
}
