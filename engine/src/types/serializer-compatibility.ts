import type { SerializerSnapshot, TypeSerializer } from './type-serializer.ts'

/** Whether bytes of an older serializer can be read by the present one, and if not, why. */
export type Compatibility = 'compatible' | { readonly incompatible: string }

/**
 * Judges whether `current` reads the bytes that the serializer described by `older` wrote: kinds,
 * versions and parameters must be equal, only registered classes may have been added. Called when
 * state is restored, before a byte of it is read.
 */
export function resolveCompatibility(
  older: SerializerSnapshot,
  current: TypeSerializer<unknown>,
): Compatibility {
  const reason = compareSnapshots(older, current.snapshot, '')
  return reason === undefined ? 'compatible' : { incompatible: reason }
}

/** The first difference that makes the older bytes unreadable. */
function compareSnapshots(
  older: SerializerSnapshot,
  current: SerializerSnapshot,
  path: string,
): string | undefined {
  const place = path === '' ? 'the value' : path
  if (older.kind !== current.kind) return `${place} was ${older.kind} and is now ${current.kind}`
  if (older.version !== current.version) {
    return `${place} (${older.kind}) has version ${older.version} and is now ${current.version}`
  }
  if (older.kind === 'row') return compareRows(older, current, path)
  if (older.kind === 'generic') return compareClasses(older, current, place)
  return compareParameters(older.parameters ?? {}, current.parameters ?? {}, path)
}

interface FieldSnapshot {
  readonly name: string
  readonly optional: boolean
  readonly type: SerializerSnapshot
}

function compareRows(
  older: SerializerSnapshot,
  current: SerializerSnapshot,
  path: string,
): string | undefined {
  const before = fieldsOf(older)
  const now = fieldsOf(current)
  const names = new Set(now.map((field) => field.name))
  for (const { name } of before) if (!names.delete(name)) return `field ${path}.${name} is gone`
  for (const name of names) return `field ${path}.${name} is new`
  for (let i = 0; i < before.length; i++) {
    const { name, optional, type } = before[i]!
    const field = now[i]!
    if (field.name !== name) return `field ${path}.${name} was declared at place ${i}, now not`
    if (field.optional !== optional) {
      return `field ${path}.${name} is ${optional ? 'no longer' : 'now'} optional`
    }
    const reason = compareSnapshots(type, field.type, `${path}.${name}`)
    if (reason !== undefined) return reason
  }
  return undefined
}

function fieldsOf(row: SerializerSnapshot): readonly FieldSnapshot[] {
  return (row.parameters?.fields ?? []) as readonly FieldSnapshot[]
}

/** Classes may be added, since no older bytes hold them. */
function compareClasses(
  older: SerializerSnapshot,
  current: SerializerSnapshot,
  place: string,
): string | undefined {
  const before = (older.parameters?.classes ?? {}) as Readonly<Record<string, number>>
  const now = (current.parameters?.classes ?? {}) as Readonly<Record<string, number>>
  for (const [name, version] of Object.entries(before)) {
    if (!Object.hasOwn(now, name)) return `class ${name} in ${place} is no longer registered`
    if (now[name] !== version) {
      return `class ${name} in ${place} has version ${version} and is now ${now[name]}`
    }
  }
  return undefined
}

function compareParameters(older: unknown, current: unknown, path: string): string | undefined {
  if (isSnapshot(older) && isSnapshot(current)) return compareSnapshots(older, current, path)
  if (
    isContainer(older) &&
    isContainer(current) &&
    Array.isArray(older) === Array.isArray(current)
  ) {
    for (const name of new Set([...Object.keys(older), ...Object.keys(current)])) {
      const step = Array.isArray(older) ? `${path}[${name}]` : `${path}.${name}`
      const reason = compareParameters(older[name], current[name], step)
      if (reason !== undefined) return reason
    }
    return undefined
  }
  if (Object.is(older, current)) return undefined
  return `${path} was ${JSON.stringify(older)} and is now ${JSON.stringify(current)}`
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function isSnapshot(value: unknown): value is SerializerSnapshot {
  return isContainer(value) && typeof value.kind === 'string' && typeof value.version === 'number'
}
