/** Which part of the input a call of `poll` is for. */
export interface SourceShare {
  /** 0 to `count - 1`. */
  readonly index: number
  /** 1 unless the source is parallel. */
  readonly count: number
}

/** A share of the input and the position reached in it. */
export interface PollSplit<Position> extends SourceShare {
  readonly position: Position
}
