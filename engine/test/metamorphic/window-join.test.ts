import fc from 'fast-check'
import { type TimeWindow, types, type WindowAssigner, watermarks } from '../../src/index.ts'
import { groupsOf } from './reference-groups.ts'
import { testRelations } from './relations.ts'
import { IN_ANY_ORDER, ITEM, type Item, type JobParts, type Step } from './subject.ts'
import { assignerOf, type WindowShape, windowShapes } from './window-shapes.ts'

interface Windows {
  readonly shape: WindowShape
}

const descriptions = fc.record({ shape: windowShapes('tumbling', 'sliding', 'session') })

/** Per key and window the ids of both sides. */
function sides(
  { shape }: Windows,
  steps: readonly Step[],
): readonly (readonly [number[], number[]])[] {
  const first = steps.flatMap((step) => step[0])
  const isFirst = new Set(first)
  return groupsOf([...first, ...steps.flatMap((step) => step[1])], shape).map(({ items }) => [
    idsOf(items.filter((item) => isFirst.has(item))),
    idsOf(items.filter((item) => !isFirst.has(item))),
  ])
}

function idsOf(items: Iterable<Item>): number[] {
  return [...items].map(({ id }) => id).sort((left, right) => left - right)
}

type Assigner = WindowAssigner<unknown, TimeWindow>

/** What a join and a coGroup have in common. `right` replaces the second input. */
function join({ items }: JobParts, { shape }: Windows, right = items(1)) {
  return items(0)
    .join(right)
    .where((item) => item.key, types.string)
    .equalTo((item) => item.key)
    .window(assignerOf(shape) as Assigner)
    .types(ITEM, ITEM)
}

function coGroup({ items }: JobParts, { shape }: Windows, right = items(1)) {
  return items(0)
    .coGroup(right)
    .where((item) => item.key, types.string)
    .equalTo((item) => item.key)
    .window(assignerOf(shape) as Assigner)
    .types(ITEM, ITEM)
}

/** Says at once that all has come, so that the first input alone decides what is late. */
const unheard = watermarks.generator<Item>(() => ({
  onEvent: (_value, _timestampMs, output) => output.emitWatermark(1_000),
  onPeriodicEmit: () => {},
}))

const pair = (left: Item, right: Item): string => `${left.id} ${right.id}`

testRelations<Windows>({
  name: 'DST-13 window join',
  descriptions,
  relations: IN_ANY_ORDER,
  build: (parts, windows) => join(parts, windows).apply(pair),
  expected: (windows, steps) =>
    sides(windows, steps).flatMap(([lefts, rights]) =>
      lefts.flatMap((left) => rights.map((right) => `${left} ${right}`)),
    ),
  canaries: {
    'the watermark of the second input is ignored': (parts, windows) =>
      join(parts, windows, parts.items(1, unheard)).apply(pair),
    'windows are a millisecond longer': (parts, { shape }) =>
      join(parts, { shape: longer(shape) }).apply(pair),
  },
})

const group = (
  lefts: Iterable<Item>,
  rights: Iterable<Item>,
  out: { collect(text: string): void },
) => out.collect(`${idsOf(lefts)} | ${idsOf(rights)}`)

testRelations<Windows>({
  name: 'DST-14 window coGroup',
  descriptions,
  relations: IN_ANY_ORDER,
  build: (parts, windows) => coGroup(parts, windows).apply<string>(group),
  expected: (windows, steps) =>
    sides(windows, steps).map(([lefts, rights]) => `${lefts} | ${rights}`),
  canaries: {
    'groups of one side alone are left out': (parts, windows) =>
      coGroup(parts, windows).apply<string>((lefts, rights, out) => {
        if ([...lefts].length > 0 && [...rights].length > 0) group(lefts, rights, out)
      }),
  },
})

function longer(shape: WindowShape): WindowShape {
  if ('gapMs' in shape) return { ...shape, gapMs: shape.gapMs + 1 }
  return 'sizeMs' in shape ? { ...shape, sizeMs: shape.sizeMs + 1 } : shape
}
