import { createRequire } from 'node:module'
import { JOB_SETTINGS } from '../../jobs/measured-job.ts'
import { ratioFloor } from '../../runner/floors.ts'
import type { Program } from '../../runner/program.ts'
import { programSuite } from '../../runner/program-suite.ts'
import type { Suite } from '../../runner/suite.ts'
import { sumByD2ts } from './by-d2ts.ts'
import { sumByDbIvm } from './by-db-ivm.ts'
import { sumByEngine } from './by-engine.ts'
import { sumByMost } from './by-most.ts'
import { sumByNodeStreams } from './by-node-streams.ts'
import { sumByRxjs, sumByRxjsGroups } from './by-rxjs.ts'
import { totalsPlainly } from './orders.ts'

/** How many orders are checked against the plain loop before anything is measured. */
const VERIFIED_ORDERS = 20_000

/** What the engine must reach, with checkpoints on. */
const RXJS_FLOOR = 1
const INCREMENTAL_FLOOR = 20

const ENGINE: Pick<Program, 'engine' | 'settings'> = { engine: 'millrace', settings: JOB_SETTINGS }

const programs: readonly Program[] = [
  program('millrace', 60e6, sumByEngine, ENGINE),
  program('rxjs', 60e6, sumByRxjs, peer('rxjs')),
  program('rxjs-groups', 20e6, sumByRxjsGroups, peer('rxjs')),
  program('most', 60e6, sumByMost, peer('@most/core')),
  program('node-streams', 20e6, sumByNodeStreams, {
    engine: 'Node streams',
    engineVersion: process.versions.node,
    settings: {},
  }),
  program('db-ivm', 1e6, sumByDbIvm, peer('@tanstack/db-ivm')),
  program('d2ts', 400e3, sumByD2ts, peer('@electric-sql/d2ts')),
]

/** What a JavaScript user would take otherwise: filter, project, running sum per key. */
export const jsPeers: Suite = programSuite({
  name: 'js-peers',
  about: `filter, project, keyed sum against ${programs
    .slice(1)
    .map(({ name }) => name)
    .join(' ')}`,
  programs,
  floorsOf: (results) => [
    ...ratioFloor(results, { of: 'millrace', over: 'rxjs', atLeast: RXJS_FLOOR }),
    ...ratioFloor(results, { of: 'millrace', over: 'db-ivm', atLeast: INCREMENTAL_FLOOR }),
    ...ratioFloor(results, { of: 'millrace', over: 'd2ts', atLeast: INCREMENTAL_FLOOR }),
  ],
})

function program(
  name: string,
  records: number,
  run: Program['run'],
  parts: Pick<Program, 'engine' | 'engineVersion' | 'settings'>,
): Program {
  const reference = `a plain loop over the first ${VERIFIED_ORDERS} orders`
  return {
    ...parts,
    name,
    full: { records, warmUpRecords: records / 4 },
    quick: { records: records / 50, warmUpRecords: records / 100 },
    run,
    verify: async () => {
      const { output } = await run(VERIFIED_ORDERS)
      const isEqual = output === totalsPlainly(VERIFIED_ORDERS)
      return { status: isEqual ? 'equal' : 'FAILED', outputHash: null, reference }
    },
  }
}

function peer(name: string): Pick<Program, 'engine' | 'engineVersion' | 'settings'> {
  return { engine: name, engineVersion: versionOf(name), settings: {} }
}

/** The version of a package as it is installed. */
function versionOf(name: string): string {
  const { dependencies, devDependencies } = createRequire(import.meta.url)(
    '../../package.json',
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>>
  return devDependencies[name] ?? dependencies[name] ?? 'unknown'
}
