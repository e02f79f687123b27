/**
 * The start of the window of `sizeMs` that holds a timestamp. Windows start at multiples of their
 * size, shifted by `offsetMs`, also before 1970. A record exactly at an end belongs to the next
 * window.
 *
 * @example
 * ```ts
 * windowStartOf(9_999, 0, 10_000) // => 0
 * windowStartOf(10_000, 0, 10_000) // => 10000
 * windowStartOf(-1, 0, 10_000) // => -10000
 * ```
 */
export function windowStartOf(timestampMs: number, offsetMs: number, sizeMs: number): number {
  const into = (timestampMs - offsetMs) % sizeMs
  // The remainder has the sign of the dividend; `+ 0` turns -0 into 0.
  return (into < 0 ? timestampMs - into - sizeMs : timestampMs - into) + 0
}
