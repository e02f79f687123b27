import type { Program } from '../../runner/program.ts'
import { toolVersion } from '../tool.ts'
import { TIMELY } from './timely-files.ts'
import { TimelyProcess } from './timely-process.ts'

/** The job of the suite `keyed-window` on timely, with one worker and with two. */
export function timelyPrograms({
  group,
  full,
  quick,
}: Pick<Program, 'group' | 'full' | 'quick'>): readonly Program[] {
  const rustc = toolVersion('rustc') ?? 'unknown'
  return [1, 2].map((workers) => ({
    name: `timely-${workers}`,
    ...(group && { group }),
    engine: 'timely',
    engineVersion: TIMELY.version,
    full,
    quick,
    settings: { workers, guarantee: 'none', rustc },
    notes: ['no fault tolerance: timely takes no checkpoints'],
    run: async (records) => ({ output: await runInProcess(workers, records) }),
  }))
}

let process: TimelyProcess | undefined

function runInProcess(workers: number, records: number): Promise<string> {
  process ??= new TimelyProcess()
  return process.run(workers, records)
}
