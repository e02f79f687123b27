import { types } from '@millrace/engine'
import type {
  ReaderOutput,
  ScheduledTimer,
  Source,
  SourceReader,
  SourceReaderContext,
  SplitEnumerator,
  SplitEnumeratorContext,
} from '@millrace/engine/spi'
import { type FlightTable, readFlights } from './flight-table.ts'

/** One flight. */
export interface Flight {
  /** Its row in the file, from 0. */
  readonly row: number
  readonly origin: string
  /** When it should have left: milliseconds since 1970, local time taken as UTC. */
  readonly scheduledMs: number
  /** How many minutes later it left; below 0 if it left early. */
  readonly delay: number
}

/** Options of {@link flightReplay}. */
export interface FlightReplayOptions {
  /** Replays only the first flights of the file. Default: all 3,000,000. */
  readonly limit?: number | undefined
  /** Default: as fast as they are taken. */
  readonly flightsPerSecond?: number | undefined
}

/** How far the replay is. */
interface ReplaySplit {
  readonly next: number
}

/**
 * The flights of the file in the order in which they really left, those of the same minute in the
 * order of the file. One split, since it is one order; its state is the number of flights so far.
 */
export function flightReplay(
  options: FlightReplayOptions = {},
): Source<Flight, ReplaySplit, readonly ReplaySplit[]> {
  return {
    name: 'Flights',
    boundedness: 'bounded',
    splitType: types.row({ next: types.int }),
    enumeratorStateType: types.array(types.row({ next: types.int })),
    createEnumerator: (context, restored) => new ReplayEnumerator(context, restored),
    createReader: (context) => new ReplayReader(context, options),
  }
}

/** Gives the one split to whoever asks first. */
class ReplayEnumerator implements SplitEnumerator<ReplaySplit, readonly ReplaySplit[]> {
  readonly #context: SplitEnumeratorContext<ReplaySplit>
  #unassigned: readonly ReplaySplit[]

  constructor(
    context: SplitEnumeratorContext<ReplaySplit>,
    restored: readonly ReplaySplit[] | undefined,
  ) {
    this.#context = context
    this.#unassigned = restored ?? [{ next: 0 }]
  }

  handleSplitRequest(subtaskIndex: number): void {
    for (const split of this.#unassigned) this.#context.assignSplit(split, subtaskIndex)
    this.#unassigned = []
    this.#context.signalNoMoreSplits(subtaskIndex)
  }

  addSplitsBack(splits: readonly ReplaySplit[]): void {
    this.#unassigned = splits
  }

  snapshotState(): readonly ReplaySplit[] {
    return this.#unassigned
  }

  start(): void {}
  addReader(): void {}
  close(): void {}
}

class ReplayReader implements SourceReader<Flight, ReplaySplit> {
  readonly #context: SourceReaderContext
  readonly #options: FlightReplayOptions
  #flights: FlightTable | undefined
  #next: number | undefined
  #noMoreSplits = false
  #closed = false
  #pace: Pace | undefined
  #timer: ScheduledTimer | undefined

  constructor(context: SourceReaderContext, options: FlightReplayOptions) {
    this.#context = context
    this.#options = options
    context.metrics.gauge('flightsReplayed', () => this.#next ?? 0)
  }

  start(): void {
    if (this.#next === undefined) this.#context.requestSplit()
    readFlights(this.#options.limit ?? Number.POSITIVE_INFINITY).then(
      (flights) => {
        this.#flights = flights
        if (!this.#closed) this.#context.wakeUp()
      },
      (error) => this.#context.fail(error),
    )
  }

  addSplits([split]: readonly ReplaySplit[]): void {
    this.#next = split?.next
    this.#context.wakeUp()
  }

  notifyNoMoreSplits(): void {
    this.#noMoreSplits = true
    this.#context.wakeUp()
  }

  poll(output: ReaderOutput<Flight>, maxRecords: number): 'more' | 'waiting' | 'end' {
    const flights = this.#flights
    if (this.#next === undefined) return this.#noMoreSplits ? 'end' : 'waiting'
    if (flights === undefined) return 'waiting'
    const end = Math.min(this.#next + this.#due(maxRecords), flights.count)
    const { scheduledMinutes, delayMinutes, origins, airports, departures } = flights
    while (this.#next < end) {
      const row = departures[this.#next++] as number
      const flight: Flight = {
        row,
        origin: airports[origins[row] as number] as string,
        scheduledMs: (scheduledMinutes[row] as number) * 60_000,
        delay: delayMinutes[row] as number,
      }
      output.collect(flight, Number.NaN)
    }
    if (this.#next >= flights.count) return 'end'
    return this.#timer === undefined ? 'more' : 'waiting'
  }

  snapshotState(): readonly ReplaySplit[] {
    return this.#next === undefined ? [] : [{ next: this.#next }]
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
  }

  /** How many flights may leave now. If none may, a timer is set for when some may. */
  #due(maxRecords: number): number {
    const { flightsPerSecond } = this.#options
    if (flightsPerSecond === undefined) return maxRecords
    const { clock, timers } = this.#context.env
    this.#pace ??= new Pace(flightsPerSecond, clock.monotonicMs())
    const due = this.#pace.take(clock.monotonicMs(), maxRecords)
    if (due === 0 && this.#timer === undefined) {
      this.#timer = timers.schedule(clock.nowMs() + PAUSE_MS, () => {
        this.#timer = undefined
        this.#context.wakeUp()
      })
    }
    return due
  }
}

/** The pause of a replay that is ahead of its pace. */
const PAUSE_MS = 5

/** After a longer pause than this, what was missed is not made up for. */
const CATCH_UP_MS_MAX = 100

/** Spreads flights over time. */
class Pace {
  readonly #perMs: number
  #lastMs: number
  /** Flights that may leave, with fractions. */
  #due = 0

  constructor(perSecond: number, nowMs: number) {
    this.#perMs = perSecond / 1000
    this.#lastMs = nowMs
  }

  /** Takes up to `max` of the flights that are due. */
  take(nowMs: number, max: number): number {
    const dueMax = Math.max(1, this.#perMs * CATCH_UP_MS_MAX)
    this.#due = Math.min(dueMax, this.#due + (nowMs - this.#lastMs) * this.#perMs)
    this.#lastMs = nowMs
    const taken = Math.min(max, Math.floor(this.#due))
    this.#due -= taken
    return taken
  }
}
