/** How often the keys of a stream come. */
export interface KeySpread {
  readonly name: string
  /** The key that a 16-bit number stands for. */
  readonly keys: Int32Array
}

/** How many keys there are. */
export const SENSORS = 1_000

const DRAWS = 2 ** 16

/** This many of a hundred records are of one key; the others are spread evenly. */
export function hotKey(percent: number): KeySpread {
  const hot = Math.round((DRAWS * percent) / 100)
  const keys = Int32Array.from({ length: DRAWS }, (_, draw) => (draw < hot ? 0 : draw % SENSORS))
  return { name: `hot-${percent}`, keys }
}

/** The n-th key comes as often as 1 / n to the power of `exponent`; 0 is an even spread. */
export function zipf(exponent: number): KeySpread {
  const weights = Array.from({ length: SENSORS }, (_, rank) => (rank + 1) ** -exponent)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const keys = new Int32Array(DRAWS)
  let [sensor, upTo] = [0, (weights[0] as number) / total]
  for (let draw = 0; draw < DRAWS; draw++) {
    while ((draw + 0.5) / DRAWS > upTo && sensor < SENSORS - 1) {
      sensor++
      upTo += (weights[sensor] as number) / total
    }
    keys[draw] = sensor
  }
  return { name: `zipf-${exponent}`, keys }
}
