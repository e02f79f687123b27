/** Something that happens in a simulated world at one point of virtual time. */
export class SimEvent {
  /** Virtual time. May lie in the past for an event that a pause has held back. */
  atMs: number
  /** Random order among events of one time. */
  readonly tie: number
  /** Order of last resort: of two events with equal time and tie the older one is first. */
  readonly sequence: number
  readonly owner: EventOwner
  /** What kind of thing happens; part of the hash that compares two runs. */
  readonly label: string
  /** Which one, for the reader of a report. */
  readonly detail: string
  /** Undefined once it was canceled or has run. */
  run: (() => void) | undefined

  constructor(
    atMs: number,
    tie: number,
    sequence: number,
    owner: EventOwner,
    label: string,
    detail: string,
    run: () => void,
  ) {
    this.atMs = atMs
    this.tie = tie
    this.sequence = sequence
    this.owner = owner
    this.label = label
    this.detail = detail
    this.run = run
  }

  cancel(): void {
    this.run = undefined
  }
}

/** Whom an event belongs to, which decides whether it happens. */
export interface EventOwner {
  readonly name: string
  /** Events of a paused owner are held back, those of a dead one are dropped. */
  readonly life: OwnerLife
  /** Takes an event that came up while the owner is paused. */
  hold(event: SimEvent): void
}

/** The state of an {@link EventOwner}. */
export type OwnerLife = 'running' | 'paused' | 'dead'

/** True if `left` happens before `right`. */
export function happensBefore(left: SimEvent, right: SimEvent): boolean {
  if (left.atMs !== right.atMs) return left.atMs < right.atMs
  if (left.tie !== right.tie) return left.tie < right.tie
  return left.sequence < right.sequence
}
