import { EngineError, ErrorCode } from '../base/engine-error.ts'
import type { FileSystem } from '../env/file-system.ts'
import type { Operator } from '../operator/operator.ts'
import type { RecordErrorPolicy } from '../operator/record-error-policy.ts'
import { HARNESS_MODES, type HarnessMode } from './harness-mode.ts'
import type { OperatorUnderTest } from './operator-subtasks.ts'
import { Scenario } from './scenario.ts'

/** What every harness may be told; everything has a default. */
export interface HarnessOptions {
  /**
   * In which modes the scenario runs: all of them by default; `rescale` only if every input is
   * keyed or broadcast, since round robin changes what an operator with a memory sees.
   */
  readonly modes?: 'all' | readonly HarnessMode[]
  /** How many subtasks there are at first. Default 1. */
  readonly parallelism?: number
  /** The number of key groups. Default 128. */
  readonly maxParallelism?: number
  /** What happens to a record whose user function throws. Default `fail`. */
  readonly recordErrorPolicy?: RecordErrorPolicy
  /** Watermark interval of periodic generators in milliseconds. Default 200. */
  readonly autoWatermarkIntervalMs?: number
  readonly globalParameters?: Readonly<Record<string, string>>
  /** What the operator is called in metrics and messages. Default `operator`. */
  readonly operatorName?: string
  /** What the clock shows at first, in milliseconds since 1970. Default 0. */
  readonly startMs?: number
  /** Seed of everything random: batch sizes, steps of a rescale, the operator's environment. */
  readonly seed?: number
  /** Makes the files of one mode's run; an empty file system in memory by default. */
  readonly fileSystem?: () => FileSystem
}

const AUTO_WATERMARK_INTERVAL_MS = 200
const MAX_PARALLELISM = 128

/**
 * Makes the scenario of a harness.
 *
 * @param firstMode the mode in which steps are carried out at once; the others replay them
 */
export function newScenario<O extends Operator>(
  underTest: OperatorUnderTest<O>,
  options: HarnessOptions,
  firstMode: HarnessMode = 'plain',
): Scenario<O> {
  const seed = options.seed ?? 1
  return new Scenario({
    run: {
      underTest,
      parallelism: options.parallelism ?? 1,
      maxParallelism: options.maxParallelism ?? MAX_PARALLELISM,
      recordErrorPolicy: options.recordErrorPolicy ?? 'fail',
      autoWatermarkIntervalMs: options.autoWatermarkIntervalMs ?? AUTO_WATERMARK_INTERVAL_MS,
      globalParameters: options.globalParameters ?? {},
      operatorName: options.operatorName ?? 'operator',
      envOptions: () => ({
        seed,
        ...(options.startMs === undefined ? {} : { startMs: options.startMs }),
        ...(options.fileSystem === undefined ? {} : { fileSystem: options.fileSystem() }),
      }),
    },
    firstMode,
    modes: modesOf(underTest, options.modes ?? 'all'),
    seed,
  })
}

/** The modes that a choice means for an operator. @throws INVALID_ARGUMENT for an unknown mode */
export function modesOf<O extends Operator>(
  underTest: OperatorUnderTest<O>,
  modes: 'all' | readonly HarnessMode[],
): readonly HarnessMode[] {
  if (modes === 'all') {
    const canRescale = underTest.inputs.every((input) => input.kind !== 'round-robin')
    return HARNESS_MODES.filter((mode) => mode !== 'rescale' || canRescale)
  }
  const unknown = modes.find((mode) => !HARNESS_MODES.includes(mode))
  if (unknown === undefined) return modes
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `'${unknown}' is no harness mode; the modes are ${HARNESS_MODES.join(', ')}`,
  )
}
