/** Folders and files that would hold anything at all. */
const CATCH_ALL = new Set(['utils', 'util', 'common', 'misc', 'helpers', 'helper', 'shared', 'lib'])

/** Words that say nothing about the thing they name. */
const SCAFFOLDING = new Set(['impl', 'utils', 'util', 'helper', 'helpers'])

/** Words that only scaffolding begins with. */
const SCAFFOLDING_PREFIXES = new Set(['abstract', 'default'])

/** The managers that are the field's own words. */
const MANAGED = new Set(['job', 'task', 'resource'])

/** A word that another word of the glossary has replaced. */
interface BannedWord {
  readonly pattern: RegExp
  readonly say: string
}

/**
 * Words of the glossary's "never say" column that cannot mean anything else in an identifier.
 * Words with a second, good meaning (`bucket`, `chunk`, Kafka's epochs) are left to review.
 */
const BANNED_WORDS: readonly BannedWord[] = [
  { pattern: /topology/i, say: 'StreamGraph or JobGraph' },
  { pattern: /low_?water_?mark/i, say: 'watermark' },
  { pattern: /frontier/i, say: 'watermark' },
  { pattern: /punctuation/i, say: 'barrier or watermark' },
  { pattern: /savepointing/i, say: 'checkpoint or savepoint' },
  { pattern: /task_?executor/i, say: 'TaskManager' },
  { pattern: /job_?(leader|server)/i, say: 'JobMaster or Dispatcher' },
  { pattern: /v_?nodes?(?![a-z])/i, say: 'key group' },
  { pattern: /key_?bucket/i, say: 'key group' },
  { pattern: /grace_?period/i, say: 'allowed lateness' },
  { pattern: /(system|wall|business)_?time(?!out|r|stamp)/i, say: 'processing time or event time' },
  { pattern: /partitioned_?state/i, say: 'keyed state' },
  { pattern: /marshall?(er|ing)/i, say: 'serializer' },
  { pattern: /incarnation/i, say: 'execution attempt' },
  { pattern: /fused_?operators/i, say: 'operator chain' },
  { pattern: /rehydrat/i, say: 'restore' },
  { pattern: /diff_?stream|delta_?stream/i, say: 'changelog' },
  {
    pattern: /(checkpoint|barrier|snapshot|fencing|recovery|attempt)_?epoch|epoch_?(id|number)$/i,
    say: 'checkpoint id, fencing token or attempt',
  },
]

/** What is wrong with the path of a file, or undefined. */
export function pathFault(file: string): string | undefined {
  const parts = file.split('/')
  const name = parts.pop()!
  const folder = parts.find((part) => CATCH_ALL.has(part.toLowerCase()))
  if (folder !== undefined) return `the folder ${folder}/ could hold anything; name what it holds`
  const base = name.replace(/\.tsx?$/, '')
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/.test(base)) {
    return `${name} is not kebab-case`
  }
  if (CATCH_ALL.has(base)) return `${name} could hold anything; name what it holds`
  return wordsFault(base.split(/[.-]/), name)
}

/** What is wrong with the name of an export, or undefined. */
export function exportFault(name: string, kind: string): string | undefined {
  if (kind === 'TSInterfaceDeclaration' && /^I[A-Z][a-z]/.test(name) && !name.startsWith('IPv')) {
    return `${name} has the prefix I; name the interface for what it is`
  }
  const constant = name === name.toUpperCase()
  const words = constant ? name.split('_') : name.split(/(?<=[a-z0-9])(?=[A-Z])|_/)
  const spoken = words.map((word) => word.toLowerCase())
  const typeLike = !constant && /^[A-Z]/.test(name)
  return wordsFault(spoken, name, typeLike)
}

/** What is wrong with a declared name by the glossary, or undefined. */
export function glossaryFault(name: string): string | undefined {
  const banned = BANNED_WORDS.find(({ pattern }) => pattern.test(name))
  return banned && `${name}: the glossary says ${banned.say}`
}

function wordsFault(
  words: readonly string[],
  name: string,
  checkPrefix: boolean = true,
): string | undefined {
  const scaffolding = words.find((word) => SCAFFOLDING.has(word))
  if (scaffolding !== undefined) return `${name}: "${scaffolding}" says nothing`
  if (checkPrefix && words.length > 1 && SCAFFOLDING_PREFIXES.has(words[0]!)) {
    return `${name}: "${words[0]}" says how it is used, not what it is`
  }
  const manager = words.indexOf('manager')
  if (manager !== -1 && !MANAGED.has(words[manager - 1] ?? '')) {
    return `${name}: only JobManager, TaskManager and ResourceManager are managers`
  }
  return undefined
}
