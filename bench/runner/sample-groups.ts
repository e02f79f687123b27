import { KeptChild, sampleInChild } from './child-sample.ts'
import type { Program } from './program.ts'
import { interleaved, type TurnOptions } from './repeat.ts'
import type { ChildReport } from './suite.ts'

/** How samples of programs are taken. */
export interface GroupOptions extends Omit<TurnOptions, 'take'> {
  readonly quick: boolean
  /** Told all reports so far, by program, whenever programs that take turns are through. */
  readonly onTaken?: (reports: ReadonlyMap<string, readonly ChildReport[]>) => void
}

/**
 * Takes the samples of programs in turn. Groups with a process that is kept come one after another,
 * so that such processes do not pile up; all other programs take turns among themselves.
 *
 * @returns all reports by program
 */
export async function takeGroups(
  suite: string,
  programs: readonly Program[],
  { onTaken, ...options }: GroupOptions,
): Promise<ReadonlyMap<string, readonly ChildReport[]>> {
  const reports = new Map<string, readonly ChildReport[]>()
  const apart = new Set(programs.filter(({ isKept }) => isKept).map(({ group }) => group))
  const turns = Map.groupBy(programs, ({ group }) => (apart.has(group) ? group : undefined))
  for (const inTurn of turns.values()) {
    const taken = await takeInTurn(suite, inTurn, options)
    for (const [name, ofProgram] of taken) reports.set(name, ofProgram)
    onTaken?.(reports)
  }
  return reports
}

async function takeInTurn(
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
