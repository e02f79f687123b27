import type { ConfigOption } from '../../core/config/config-option.ts'
import type { Configuration } from '../../core/config/configuration.ts'
import { ConfigOptions } from '../../core/config/options.ts'
import type { JobGraph } from '../../plan/job-graph.ts'

/** What has no meaning where no periodic checkpoint is taken and nothing durable is kept. */
const IGNORED_IN_BATCH: readonly ConfigOption<string | number | undefined>[] = [
  ConfigOptions.checkpointInterval,
  ConfigOptions.checkpointDirectory,
  ConfigOptions.savepointPath,
]

/**
 * The options that a job runs with. In BATCH there are no checkpoints to be configured: what a
 * stage has read is still there when it fails, and the state of its commits is kept in memory.
 */
export function configurationInMode(
  { jobName, runtimeMode }: JobGraph,
  configuration: Configuration,
  warn: (message: string) => void,
): Configuration {
  if (runtimeMode === 'STREAMING') return configuration
  const set = IGNORED_IN_BATCH.filter((option) => configuration.get(option) !== undefined)
  if (set.length === 0) return configuration
  const keys = set.map(({ key }) => key)
  warn(
    `job '${jobName}' runs in BATCH mode, which takes no checkpoints: ` +
      `${keys.map((key) => `'${key}'`).join(', ')} without effect. A failed stage is run again, a ` +
      'killed process starts afresh',
  )
  return configuration.without(keys)
}
