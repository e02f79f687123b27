import type { HarnessSnapshot } from './harness-snapshot.ts'

/** One thing a test does to an operator: the verbs of the harness as data, so that they replay. */
export type HarnessStep =
  | {
      readonly kind: 'records'
      readonly input: number
      readonly values: readonly unknown[]
      readonly timestamps: readonly number[]
    }
  | { readonly kind: 'watermark'; readonly input: number; readonly timestampMs: number }
  | { readonly kind: 'watermarkStatus'; readonly input: number; readonly idle: boolean }
  | { readonly kind: 'endInput'; readonly input: number }
  | { readonly kind: 'advanceProcessingTime'; readonly toMs: number }
  | {
      /** Draws a snapshot that later steps name by that of the first run. */
      readonly kind: 'keepSnapshot'
      readonly checkpointId: number
      readonly token: HarnessSnapshot
    }
  | { readonly kind: 'notifyCheckpointComplete'; readonly checkpointId: number }
  | { readonly kind: 'notifyCheckpointAborted'; readonly checkpointId: number }
  | {
      readonly kind: 'restore'
      readonly token: HarnessSnapshot | undefined
      readonly parallelism: number
    }
  | { readonly kind: 'drainMailbox' }
  | { readonly kind: 'failNext'; readonly point: string }

/** A step as a reader would write it, for messages: `process(2 records at 10)`. */
export function describeStep(step: HarnessStep): string {
  switch (step.kind) {
    case 'records':
      return `process(${step.values.length} records at ${[...new Set(step.timestamps)].join(', ')})`
    case 'watermark':
      return `watermark(${step.timestampMs})`
    case 'watermarkStatus':
      return `watermarkStatus(${step.idle ? 'idle' : 'active'})`
    case 'endInput':
      return 'endInput()'
    case 'advanceProcessingTime':
      return `advanceProcessingTime(${step.toMs})`
    case 'keepSnapshot':
      return `barrier(${step.checkpointId})`
    case 'notifyCheckpointComplete':
    case 'notifyCheckpointAborted':
      return `${step.kind}(${step.checkpointId})`
    case 'restore':
      return `restore({ parallelism: ${step.parallelism} })`
    case 'drainMailbox':
      return 'drainMailbox()'
    case 'failNext':
      return `failNext('${step.point}')`
  }
}
