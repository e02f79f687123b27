import type { ProgressReport } from '../../engine/examples/flight-delays/progress-report.ts'

/** Between two lines where a line cannot be redrawn, and between two redrawings where it can. */
const LINE_INTERVAL_MS = 1_000
const REDRAW_INTERVAL_MS = 100

/** The time over which records per second are measured. */
const RATE_WINDOW_MS = 1_000

/** Where the display writes. */
export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Shows how the run goes: one line that is redrawn on a terminal, else a line each second. */
export class ProgressDisplay {
  readonly #terminal: Terminal
  readonly #clock: () => number
  readonly #samples: { readonly atMs: number; readonly records: number }[] = []
  #shownAtMs = Number.NEGATIVE_INFINITY
  #isLineOpen = false

  constructor(terminal: Terminal, clock: () => number = () => performance.now()) {
    this.#terminal = terminal
    this.#clock = clock
  }

  /** Shows the state of the run, unless it has just been shown. */
  progress(report: ProgressReport, checkpoints: number, kills: number): void {
    const nowMs = this.#clock()
    if (report.records > 0) this.#sample(nowMs, report.records)
    const isTerminal = this.#terminal.isTTY === true
    const intervalMs = isTerminal ? REDRAW_INTERVAL_MS : LINE_INTERVAL_MS
    if (nowMs - this.#shownAtMs < intervalMs && !report.finished) return
    this.#shownAtMs = nowMs
    const line = this.#lineOf(report, checkpoints, kills)
    const shown = line.slice(0, (this.#terminal.columns ?? 100) - 1) // a wrapped one stays
    this.#terminal.write(isTerminal ? `\r\x1b[K${shown}` : `${line}\n`)
    this.#isLineOpen = isTerminal
  }

  /** Writes a line of its own. */
  line(text: string): void {
    this.end()
    this.#terminal.write(`${text}\n`)
  }

  /** Leaves the line that is redrawn as it is. */
  end(): void {
    if (this.#isLineOpen) this.#terminal.write('\n')
    this.#isLineOpen = false
  }

  /** Forgets the rate: the job was killed. */
  restart(): void {
    this.#samples.length = 0
  }

  #sample(atMs: number, records: number): void {
    this.#samples.push({ atMs, records })
    while (atMs - (this.#samples[0]?.atMs ?? atMs) > RATE_WINDOW_MS) this.#samples.shift()
  }

  #lineOf({ records, watermarkMs }: ProgressReport, checkpoints: number, kills: number): string {
    const watermark =
      watermarkMs === undefined
        ? '-'.padEnd(16)
        : new Date(watermarkMs + 1).toISOString().slice(0, 16).replace('T', ' ')
    return (
      `${grouped(records).padStart(9)} records  ${this.#rate().padStart(4)} k/s` +
      `  watermark ${watermark}  checkpoints ${checkpoints}  kills ${kills}`
    )
  }

  /** Thousands of records per second, once there is enough to measure. */
  #rate(): string {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (first === undefined || last === undefined) return '-'
    const tookMs = last.atMs - first.atMs
    return tookMs < RATE_WINDOW_MS / 4
      ? '-'
      : `${Math.round((last.records - first.records) / tookMs)}`
  }
}

/** A number with thousands parted: `3,000,000`. */
export function grouped(value: number): string {
  return value.toLocaleString('en')
}
