/**
 * What may go wrong in a simulated world, and how often. A plain object, so that a found failure
 * can be written down and replayed. Without a plan nothing fails; only order and duration vary.
 */
export interface FaultPlan {
  /** Delay of posted tasks. Default 0.00005 to 0.0001 ms. */
  readonly taskDelayMs?: Range
  /** How much later than its deadline a timer may fire. Default 0. */
  readonly timerLatenessMsMax?: number
  readonly buggify?: BuggifyPlan
  readonly fileSystem?: FileSystemPlan
  readonly network?: NetworkPlan
}

/** From `min` to `max`, uniformly drawn. */
export interface Range {
  readonly min: number
  readonly max: number
}

/** How often rare but legal behaviour is asked for, see `Random.buggify`. */
export interface BuggifyPlan {
  /** Probability that a point is enabled at all in this world. Default 0.25. */
  readonly enabledProbability?: number
  /** Probability that an enabled point fires when it is asked. Default 0.25. */
  readonly fireProbability?: number
  /** Points that fire each time, whatever the probabilities. Default none. */
  readonly always?: readonly string[]
}

/** What file calls take and how they fail. */
export interface FileSystemPlan {
  /** Duration of a call. Default 0.01 to 0.2 ms. */
  readonly latencyMs?: Range
  /** Duration of a sync, of a file or of a folder. Default 0.5 to 5 ms. */
  readonly syncLatencyMs?: Range
  /** Bytes that fit on the disk of a machine; more gives ENOSPC. Default no limit. */
  readonly quotaBytes?: number
  /** Which syncs of files on a machine fail with EIO, counted from 1. Default none. */
  readonly failedSyncs?: readonly number[]
  /** Probability that the sync of a file fails with EIO. Default 0. */
  readonly syncErrorProbability?: number
  /** Probability that any other call fails with EIO and changes nothing. Default 0. */
  readonly errorProbability?: number
  /** Paths at and below which every call fails with EACCES. Default none. */
  readonly deniedPaths?: readonly string[]
  /** Files a process may have open; more gives EMFILE. Default no limit. */
  readonly openFileCountMax?: number
}

/** How the network behaves. Cuts and resets are calls on the network, not part of the plan. */
export interface NetworkPlan {
  /** Time from one machine to another. Default 0.05 to 1 ms. */
  readonly latencyMs?: Range
  /** Probability that bytes sent at once arrive in two pieces. Default 0.1. */
  readonly splitProbability?: number
  /** Bytes in flight on a connection before `send` waits. Default 65,536. */
  readonly windowBytes?: number
  /** How long unanswered bytes or an unanswered call are retried. Default 60,000 ms. */
  readonly timeoutMs?: number
  /** Probability that a connection is reset by a send. Default 0. */
  readonly resetProbability?: number
}

/** A {@link FaultPlan} with every value set. */
export interface ResolvedFaultPlan {
  readonly taskDelayMs: Range
  readonly timerLatenessMsMax: number
  readonly buggify: Required<BuggifyPlan>
  readonly fileSystem: Required<FileSystemPlan>
  readonly network: Required<NetworkPlan>
}

/** Fills in what the plan leaves open. */
export function resolveFaultPlan(plan: FaultPlan): ResolvedFaultPlan {
  return {
    taskDelayMs: plan.taskDelayMs ?? { min: 0.00005, max: 0.0001 },
    timerLatenessMsMax: plan.timerLatenessMsMax ?? 0,
    buggify: { enabledProbability: 0.25, fireProbability: 0.25, always: [], ...plan.buggify },
    fileSystem: {
      latencyMs: { min: 0.01, max: 0.2 },
      syncLatencyMs: { min: 0.5, max: 5 },
      quotaBytes: Number.POSITIVE_INFINITY,
      failedSyncs: [],
      syncErrorProbability: 0,
      errorProbability: 0,
      deniedPaths: [],
      openFileCountMax: Number.POSITIVE_INFINITY,
      ...plan.fileSystem,
    },
    network: {
      latencyMs: { min: 0.05, max: 1 },
      splitProbability: 0.1,
      windowBytes: 65_536,
      timeoutMs: 60_000,
      resetProbability: 0,
      ...plan.network,
    },
  }
}

/** A number of the range, drawn from `random`. */
export function drawFrom(range: Range, random: { float(): number }): number {
  return range.min + random.float() * (range.max - range.min)
}
