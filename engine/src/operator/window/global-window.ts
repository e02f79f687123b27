import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { Window } from './window.ts'

/** The one window of all time. It ends with the input, and only a trigger fires it. */
export interface GlobalWindow extends Window {
  readonly kind: 'global'
}

/** The only {@link GlobalWindow}. */
export const GLOBAL_WINDOW: GlobalWindow = Object.freeze({
  kind: 'global',
  maxTimestampMs: MAX_WATERMARK_MS,
})
