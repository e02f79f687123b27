/**
 * `runtime/checkpoint` decides when checkpoints are taken and when they are complete. Decisions are
 * pure functions; the JobMaster carries the commands out.
 */

/** Options of the coordinator, in milliseconds. */
export interface CoordinatorOptions {
  /** Time between two triggers; undefined for none but the last. */
  readonly intervalMs: number | undefined
  readonly timeoutMs: number
  readonly minPauseMs: number
  readonly tolerableFailures: number
}

/** A checkpoint between its trigger and its completion. */
export interface PendingCheckpoint {
  readonly checkpointId: number
  readonly triggeredMs: number
  /** Tasks that have not acknowledged yet. */
  readonly waitingFor: ReadonlySet<string>
  /** The last one of the job: all tasks have processed all their input. */
  readonly isFinal: boolean
  /** True once all tasks acknowledged and the metadata is being written. */
  readonly storing: boolean
}

/** All the coordinator knows. */
export interface CoordinatorState {
  /** Tasks of the present execution attempt; empty while the job does not run. */
  readonly tasks: ReadonlySet<string>
  readonly endedTasks: ReadonlySet<string>
  readonly nextCheckpointId: number
  readonly pending: PendingCheckpoint | undefined
  readonly nextTriggerMs: number | undefined
  readonly failuresInRow: number
  /** True once the last checkpoint of the present execution attempt is complete. */
  readonly finalDone: boolean
}

/** What happened. */
export type CoordinatorEvent =
  /** All tasks run. */
  | { readonly kind: 'started'; readonly tasks: ReadonlySet<string>; readonly nowMs: number }
  /** The job stopped running: a failure, a cancellation. */
  | { readonly kind: 'stopped' }
  /** Time has passed. */
  | { readonly kind: 'tick'; readonly nowMs: number }
  | { readonly kind: 'acknowledged'; readonly checkpointId: number; readonly task: string }
  | {
      readonly kind: 'declined'
      readonly checkpointId: number
      readonly reason: string
      readonly nowMs: number
    }
  /** The metadata is durable. */
  | { readonly kind: 'stored'; readonly checkpointId: number; readonly nowMs: number }
  | {
      readonly kind: 'store-failed'
      readonly checkpointId: number
      readonly reason: string
      readonly nowMs: number
    }
  /** A task has processed all its input. */
  | { readonly kind: 'task-ended'; readonly task: string; readonly nowMs: number }

/** What is to be done. */
export type CoordinatorCommand =
  | { readonly kind: 'trigger'; readonly checkpoint: PendingCheckpoint }
  /** Write the metadata: all tasks acknowledged. */
  | { readonly kind: 'store'; readonly checkpointId: number }
  | { readonly kind: 'complete'; readonly checkpointId: number }
  | {
      readonly kind: 'abort'
      readonly checkpointId: number
      readonly reason: string
      readonly expired: boolean
    }
  | { readonly kind: 'fail-job'; readonly reason: string }
  /** The last checkpoint is complete: end all tasks. */
  | { readonly kind: 'finish-job' }
  /** Send a `tick` at this time. */
  | { readonly kind: 'wake-at'; readonly atMs: number }

/** New state and what to do. */
export interface CoordinatorDecision {
  readonly state: CoordinatorState
  readonly commands: readonly CoordinatorCommand[]
}

/** The state before the first start. `nextCheckpointId` is above every id in the storage. */
export function initialCoordinatorState(nextCheckpointId: number): CoordinatorState {
  return {
    tasks: new Set(),
    endedTasks: new Set(),
    nextCheckpointId,
    pending: undefined,
    nextTriggerMs: undefined,
    failuresInRow: 0,
    finalDone: false,
  }
}

/** Decides what an event means. Pure: neither reads a clock nor changes its arguments. */
export function decideCheckpoint(
  state: CoordinatorState,
  event: CoordinatorEvent,
  options: CoordinatorOptions,
): CoordinatorDecision {
  switch (event.kind) {
    case 'started':
      return started(state, event.tasks, event.nowMs, options)
    case 'stopped':
      return stopped(state)
    case 'tick':
      return tick(state, event.nowMs, options)
    case 'acknowledged':
      return acknowledged(state, event.checkpointId, event.task)
    case 'stored':
      return stored(state, event.checkpointId, event.nowMs, options)
    case 'declined':
    case 'store-failed':
      if (state.pending?.checkpointId !== event.checkpointId) return { state, commands: [] }
      return failed(state, event.reason, false, event.nowMs, options)
    case 'task-ended':
      return taskEnded(state, event.task, event.nowMs, options)
  }
}

function started(
  state: CoordinatorState,
  tasks: ReadonlySet<string>,
  nowMs: number,
  options: CoordinatorOptions,
): CoordinatorDecision {
  const nextTriggerMs = options.intervalMs === undefined ? undefined : nowMs + options.intervalMs
  return {
    // A job that failed after its last checkpoint, while committing, has to take one more.
    state: {
      ...state,
      tasks,
      endedTasks: new Set(),
      pending: undefined,
      nextTriggerMs,
      finalDone: false,
    },
    commands: wakeAt(nextTriggerMs),
  }
}

function stopped(state: CoordinatorState): CoordinatorDecision {
  const { pending } = state
  const reason = 'the job stopped'
  return {
    state: {
      ...state,
      tasks: new Set(),
      endedTasks: new Set(),
      pending: undefined,
      nextTriggerMs: undefined,
    },
    // Metadata on its way to the storage may become durable or not: nobody is told either way.
    commands:
      pending === undefined
        ? []
        : [{ kind: 'abort', checkpointId: pending.checkpointId, reason, expired: false }],
  }
}

function tick(
  state: CoordinatorState,
  nowMs: number,
  options: CoordinatorOptions,
): CoordinatorDecision {
  const { pending, nextTriggerMs } = state
  if (pending !== undefined) {
    const deadlineMs = pending.triggeredMs + options.timeoutMs
    if (nowMs >= deadlineMs && !pending.storing) {
      const waiting = [...pending.waitingFor].slice(0, 3).join(', ')
      const reason =
        `not complete after ${options.timeoutMs} ms; ` +
        `${pending.waitingFor.size} tasks have not acknowledged: ${waiting}`
      return failed(state, reason, true, nowMs, options)
    }
    return { state, commands: pending.storing ? [] : wakeAt(deadlineMs) }
  }
  if (nextTriggerMs === undefined || state.finalDone) return { state, commands: [] }
  if (nowMs < nextTriggerMs) return { state, commands: wakeAt(nextTriggerMs) }
  return trigger(state, nowMs, options)
}

function trigger(
  state: CoordinatorState,
  nowMs: number,
  options: CoordinatorOptions,
): CoordinatorDecision {
  const checkpoint: PendingCheckpoint = {
    checkpointId: state.nextCheckpointId,
    triggeredMs: nowMs,
    waitingFor: state.tasks,
    isFinal: state.endedTasks.size === state.tasks.size,
    storing: false,
  }
  const nextTriggerMs = options.intervalMs === undefined ? undefined : nowMs + options.intervalMs
  return {
    state: {
      ...state,
      pending: checkpoint,
      nextCheckpointId: state.nextCheckpointId + 1,
      nextTriggerMs,
    },
    commands: [{ kind: 'trigger', checkpoint }, ...wakeAt(nowMs + options.timeoutMs)],
  }
}

function acknowledged(
  state: CoordinatorState,
  checkpointId: number,
  task: string,
): CoordinatorDecision {
  const { pending } = state
  if (pending?.checkpointId !== checkpointId || !pending.waitingFor.has(task)) {
    return { state, commands: [] }
  }
  const waitingFor = new Set(pending.waitingFor)
  waitingFor.delete(task)
  const storing = waitingFor.size === 0
  return {
    state: { ...state, pending: { ...pending, waitingFor, storing } },
    commands: storing ? [{ kind: 'store', checkpointId }] : [],
  }
}

function stored(
  state: CoordinatorState,
  checkpointId: number,
  nowMs: number,
  options: CoordinatorOptions,
): CoordinatorDecision {
  const { pending } = state
  if (pending?.checkpointId !== checkpointId) return { state, commands: [] }
  const finalDone = state.finalDone || pending.isFinal
  const next = ended({ ...state, finalDone, failuresInRow: 0 }, nowMs, options)
  const complete: CoordinatorCommand = { kind: 'complete', checkpointId }
  return {
    state: next.state,
    commands: finalDone ? [complete, { kind: 'finish-job' }] : [complete, ...next.commands],
  }
}

function failed(
  state: CoordinatorState,
  reason: string,
  expired: boolean,
  nowMs: number,
  options: CoordinatorOptions,
): CoordinatorDecision {
  const pending = state.pending as PendingCheckpoint
  const failuresInRow = state.failuresInRow + 1
  const next = ended({ ...state, failuresInRow }, nowMs, options)
  const { checkpointId } = pending
  const abort: CoordinatorCommand = { kind: 'abort', checkpointId, reason, expired }
  if (failuresInRow <= options.tolerableFailures) {
    return { state: next.state, commands: [abort, ...next.commands] }
  }
  const failJob: CoordinatorCommand = {
    kind: 'fail-job',
    reason:
      `checkpoint ${checkpointId} failed: ${reason} (${failuresInRow} in a row, ` +
      `${options.tolerableFailures} are tolerated)`,
  }
  return { state: next.state, commands: [abort, failJob] }
}

/** After a checkpoint, good or bad: keeps the pause, and takes the last one when all have ended. */
function ended(
  state: CoordinatorState,
  nowMs: number,
  options: CoordinatorOptions,
): CoordinatorDecision {
  const idle: CoordinatorState = { ...state, pending: undefined }
  if (idle.finalDone) return { state: { ...idle, nextTriggerMs: undefined }, commands: [] }
  if (allEnded(idle)) return trigger(idle, nowMs, options)
  if (idle.nextTriggerMs === undefined) return { state: idle, commands: [] }
  const nextTriggerMs = Math.max(idle.nextTriggerMs, nowMs + options.minPauseMs)
  return { state: { ...idle, nextTriggerMs }, commands: wakeAt(nextTriggerMs) }
}

function taskEnded(
  state: CoordinatorState,
  task: string,
  nowMs: number,
  options: CoordinatorOptions,
): CoordinatorDecision {
  if (!state.tasks.has(task)) return { state, commands: [] }
  const next = { ...state, endedTasks: new Set(state.endedTasks).add(task) }
  if (!allEnded(next) || next.pending !== undefined) return { state: next, commands: [] }
  return trigger(next, nowMs, options)
}

function allEnded(state: CoordinatorState): boolean {
  return state.tasks.size > 0 && state.endedTasks.size === state.tasks.size
}

function wakeAt(atMs: number | undefined): readonly CoordinatorCommand[] {
  return atMs === undefined ? [] : [{ kind: 'wake-at', atMs }]
}
