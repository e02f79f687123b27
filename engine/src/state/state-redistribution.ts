import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { joinBytes } from '../base/join-bytes.ts'
import { type KeyGroupRange, keyGroupRangeOf } from '../core/key-group.ts'
import {
  type OperatorSection,
  readOperatorSection,
  writeOperatorSection,
} from './operator-section-format.ts'
import type { StateSection } from './state-section.ts'

/**
 * Gives the state of an operator's old subtasks to its new ones: keyed state by key group, the
 * items of `split` lists dealt out evenly, `union` lists whole to everybody, and of the equal
 * `broadcast` copies that of the first subtask to everybody.
 *
 * @param subtasks the sections of each old subtask.
 * @returns the sections of each new subtask.
 * @throws INCOMPATIBLE_STATE if old subtasks disagree about the type of a list.
 */
export function redistribute(
  subtasks: readonly (readonly StateSection[])[],
  maxParallelism: number,
  parallelism: number,
): StateSection[][] {
  const operatorState = redistributeOperatorState(subtasks, parallelism)
  const all = subtasks.flat()
  return operatorState.map((sections, subtaskIndex) => [
    ...keyedSectionsOf(all, keyGroupRangeOf(subtaskIndex, maxParallelism, parallelism)),
    ...sections,
  ])
}

/** The keyed sections of a range of key groups. */
export function keyedSectionsOf(
  sections: readonly StateSection[],
  range: KeyGroupRange,
): StateSection[] {
  return sections.filter(
    ({ kind, keyGroup }) => kind === 'keyed' && keyGroup >= range.first && keyGroup <= range.last,
  )
}

/**
 * Deals out operator state. With the parallelism unchanged, each subtask keeps its `split` lists;
 * otherwise item i of all, in the order of the old subtasks, goes to subtask i modulo parallelism.
 *
 * @throws INCOMPATIBLE_STATE if old subtasks disagree about the type of a list.
 */
export function redistributeOperatorState(
  subtasks: readonly (readonly StateSection[])[],
  parallelism: number,
): StateSection[][] {
  const result = Array.from({ length: parallelism }, (): StateSection[] => [])
  for (const [name, lists] of listsByName(subtasks)) {
    const merged = mergedHead(name, lists)
    for (let subtaskIndex = 0; subtaskIndex < parallelism; subtaskIndex++) {
      const items = itemsOf(merged.mode, lists, subtaskIndex, parallelism)
      if (items.length === 0) continue
      const isCopy = merged.mode === 'union' && subtaskIndex > 0
      const pieces = [writeOperatorSection({ ...merged, isCopy, items })]
      result[subtaskIndex]?.push({ kind: 'operator', name, keyGroup: -1, pieces })
    }
  }
  return result
}

type Lists = (OperatorSection | undefined)[]

/** The list of each old subtask, by name. */
function listsByName(subtasks: readonly (readonly StateSection[])[]): Map<string, Lists> {
  const byName = new Map<string, Lists>()
  for (const [subtaskIndex, sections] of subtasks.entries()) {
    for (const section of sections) {
      if (section.kind !== 'operator') continue
      let lists = byName.get(section.name)
      if (lists === undefined) {
        lists = new Array<OperatorSection | undefined>(subtasks.length).fill(undefined)
        byName.set(section.name, lists)
      }
      lists[subtaskIndex] = readOperatorSection(joinBytes(section.pieces))
    }
  }
  return byName
}

function mergedHead(name: string, lists: Lists): Omit<OperatorSection, 'items' | 'isCopy'> {
  const present = lists.filter((list) => list !== undefined)
  const first = present[0]
  for (const list of present) {
    if (list.mode === first?.mode && list.serializer === first.serializer) continue
    throw new EngineError(
      ErrorCode.INCOMPATIBLE_STATE,
      `the subtasks disagree about operator state "${name}": ${first?.mode} ` +
        `${first?.serializer} and ${list.mode} ${list.serializer}; use one type and mode for it`,
    )
  }
  return { mode: first?.mode ?? 'split', serializer: first?.serializer ?? '' }
}

function itemsOf(
  mode: OperatorSection['mode'],
  lists: Lists,
  subtaskIndex: number,
  parallelism: number,
): readonly Uint8Array[] {
  if (mode === 'split' && lists.length === parallelism) return lists[subtaskIndex]?.items ?? []
  // A subtask without a copy had not asked for the state: whoever has one is asked.
  if (mode === 'broadcast') return lists.find((list) => list !== undefined)?.items ?? []
  const all = lists.flatMap((list) => list?.items ?? [])
  return mode === 'union' ? all : all.filter((_, index) => index % parallelism === subtaskIndex)
}
