import { KeptChild, sampleInChild } from './child-sample.ts'
import type { Program } from './program.ts'
import { interleaved, type TurnOptions } from './repeat.ts'
import type { ChildReport } from './suite.ts'

/** How samples of programs are taken. */
export type GroupOptions = Omit<TurnOptions, 'take'> & { readonly quick: boolean }

/**
 * Takes the samples of programs: those of one group in turn, group after group, so that what is
 * compared is measured close together, and processes that are kept do not pile up.
 *
 * @returns all reports by program
 */
export async function takeGroups(
  suite: string,
  programs: readonly Program[],
  options: GroupOptions,
): Promise<ReadonlyMap<string, readonly ChildReport[]>> {
  const reports = new Map<string, readonly ChildReport[]>()
  // Programs without a group are one: all of the suite.
  for (const group of Map.groupBy(programs, (program) => program.group).values()) {
    const taken = await takeGroup(suite, group, options)
    for (const [name, ofProgram] of taken) reports.set(name, ofProgram)
  }
  return reports
}

async function takeGroup(
  suite: string,
  programs: readonly Program[],
  { quick, ...options }: GroupOptions,
): Promise<ReadonlyMap<string, readonly ChildReport[]>> {
  const kept = new Map(
    programs
      .filter(({ isKept }) => isKept)
      .map(({ name }) => [name, new KeptChild(suite, name, quick)]),
  )
  const take = (name: string): Promise<ChildReport> =>
    kept.get(name)?.take() ?? sampleInChild(suite, name, quick)
  const names = programs.map(({ name }) => name)
  try {
    return await interleaved(names, { ...options, take })
  } finally {
    for (const child of kept.values()) await child.close()
  }
}
