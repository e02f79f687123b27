/** A keyed state of plain values: what every backend must agree with. */
export interface StateModel {
  /** Value of a state by `state|namespace|key`, all as JSON. */
  readonly cells: Map<string, unknown>
  readonly timers: Map<string, ModelTimer>
  watermarkMs: number
}

export interface ModelTimer {
  readonly domain: 'event' | 'processing'
  readonly key: unknown
  readonly namespace: string | number
  readonly timestampMs: number
}

/** What a backend reported of a fired timer. */
export type Firing = ModelTimer

export function emptyModel(): StateModel {
  return { cells: new Map(), timers: new Map(), watermarkMs: Number.MIN_SAFE_INTEGER }
}

/** A copy that later changes do not reach. */
export function copyModel(model: StateModel): StateModel {
  return structuredClone(model)
}

export function cellName(state: string, namespace: string | number, key: unknown): string {
  return JSON.stringify([state, namespace, key])
}

export function timerName(timer: ModelTimer): string {
  return JSON.stringify([timer.domain, timer.key, timer.namespace, timer.timestampMs])
}

/** Changes a cell; `undefined` removes it. */
export function changeCell(
  model: StateModel,
  name: string,
  change: (before: unknown) => unknown,
): void {
  const after = change(structuredClone(model.cells.get(name)))
  if (after === undefined) model.cells.delete(name)
  else model.cells.set(name, after)
}

/** Takes the timers out that are due, those included that `onFire` registers meanwhile. */
export function fireModel(
  model: StateModel,
  domain: ModelTimer['domain'],
  untilMs: number,
  onFire: (timer: ModelTimer) => void,
): Firing[] {
  const fired: Firing[] = []
  for (;;) {
    const due = [...model.timers.values()]
      .filter((timer) => timer.domain === domain && timer.timestampMs <= untilMs)
      .sort((left, right) => left.timestampMs - right.timestampMs)[0]
    if (due === undefined) return fired
    model.timers.delete(timerName(due))
    fired.push(due)
    onFire(due)
  }
}
