// The benchmarks; see README.md. Ends with `floors: N of M held`; the exit code is 1 if one falls
// short or an output is wrong.

import { parseArgs } from 'node:util'
import { compareCommits } from './commands/compare-commits.ts'
import { managePeers } from './commands/manage-peers.ts'
import { reportResults } from './commands/report-results.ts'
import { runSuites } from './commands/run-suites.ts'
import { UnknownCase } from './runner/repeat.ts'
import { SUITES } from './suites.ts'

const USAGE = `usage: pnpm bench list
       pnpm bench run <suite...> [--only <case>...] [--peer <name>...] [--repeats <n>] [--quick]
                      [--record]
       pnpm bench compare <commit> <commit> [--suite <suite>] [--only <case>...] [--quick]
       pnpm bench report
       pnpm bench peers list | install <name> | remove <name>`

const { positionals, values } = parsed()
const [command, ...names] = positionals

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof UnknownCase)) throw error
  console.error(error.message)
  return 2
})

async function main(): Promise<number> {
  const { quick, record, only, peer: peers, suite } = values
  const repeats = values.repeats === undefined ? undefined : Number(values.repeats)
  if (repeats !== undefined && !(Number.isInteger(repeats) && repeats > 0)) {
    console.error(`--repeats is a count of samples of at least 1, not '${values.repeats}'`)
    return 2
  }
  const [first, second] = names
  switch (command) {
    case 'list':
      for (const { name, about } of SUITES.values()) console.log(`${name.padEnd(16)} ${about}`)
      return 0
    case 'run':
      if (first !== undefined) return runSuites(names, { quick, repeats, record, only, peers })
      break
    case 'compare':
      if (first === undefined || second === undefined) break
      return compareCommits([first, second], { suite, only, quick })
    case 'report':
      return reportResults()
    case 'peers':
      if (first !== undefined) return managePeers(first, second)
      break
    case 'sample':
      if (process.send !== undefined && second !== undefined) return sample(first ?? '', second)
  }
  console.error(USAGE)
  return 2
}

/** The command line; one that cannot be understood ends the program. */
function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        repeats: { type: 'string' },
        kept: { type: 'boolean', default: false },
        record: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        peer: { type: 'string', multiple: true, default: [] },
        suite: { type: 'string' },
      },
    })
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}

/**
 * Takes one sample for the process that forked this one; if it is kept, another one whenever it is
 * asked, until that process lets go of it.
 */
async function sample(suite: string, name: string): Promise<number> {
  const isLetGo = new Promise<boolean>((resolve) => {
    process.once('disconnect', () => resolve(true))
  })
  for (;;) {
    const report = await SUITES.get(suite)?.sample(name, values.quick)
    const isAsked = new Promise<boolean>((resolve) => process.once('message', () => resolve(false)))
    await new Promise((resolve) => process.send?.(report, resolve))
    const isOver = !values.kept || (await Promise.race([isAsked, isLetGo]))
    if (isOver) return process.exit() // a peer may still run in a process of its own
  }
}
