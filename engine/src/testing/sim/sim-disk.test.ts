import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TreeFile } from '../../env/file-tree.ts'
import { SeededRandom } from '../../env/seeded-random.ts'
import { SimDisk } from './sim-disk.ts'

function filled(lengthBytes: number, value: number): Uint8Array {
  return new Uint8Array(lengthBytes).fill(value)
}

function contentOf(disk: SimDisk, path: string): Uint8Array | undefined {
  const file = disk.tree.find(path)
  return file instanceof TreeFile ? file.read(0, file.sizeBytes) : undefined
}

/** What a scenario leaves after a crash, over many seeds: each outcome with its count. */
function outcomes(scenario: (disk: SimDisk) => void, look: (disk: SimDisk) => string) {
  const counts = new Map<string, number>()
  for (let seed = 0; seed < 400; seed++) {
    const disk = new SimDisk(() => 0)
    scenario(disk)
    disk.crash(new SeededRandom(seed))
    const outcome = look(disk)
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  }
  return [...counts.keys()].sort()
}

function named(disk: SimDisk, path: string, content: Uint8Array): TreeFile {
  const file = disk.tree.createFile(path)
  disk.write(file, 0, content, 0)
  return file
}

const show = (path: string) => (disk: SimDisk) => {
  const content = contentOf(disk, path)
  return content === undefined ? 'missing' : `${content.length}x${content[0] ?? ''}`
}

test('temporary file, sync, rename, sync of the folder: the new file is there, whole', () => {
  const safe = (disk: SimDisk): void => {
    const file = named(disk, '/tmp', filled(100, 1))
    disk.syncFile(file)
    disk.tree.rename('/tmp', '/final')
    disk.syncDirectory(disk.tree.root)
  }
  expect(outcomes(safe, show('/final'))).toEqual(['100x1'])
  expect(outcomes(safe, show('/tmp'))).toEqual(['missing'])
})

test('without the sync of the file the new name may hold nothing', () => {
  const found = outcomes((disk) => {
    named(disk, '/tmp', filled(100, 1))
    disk.tree.rename('/tmp', '/final')
    disk.syncDirectory(disk.tree.root)
  }, show('/final'))
  expect(found).toEqual(['0x', '100x1'])
})

test('without the sync of the folder a rename shows the old file or the new, never none', () => {
  const found = outcomes(
    (disk) => {
      disk.syncFile(named(disk, '/final', filled(50, 1)))
      disk.syncDirectory(disk.tree.root)
      disk.syncFile(named(disk, '/tmp', filled(100, 2)))
      disk.tree.rename('/tmp', '/final')
    },
    (disk) => `${show('/final')(disk)} ${show('/tmp')(disk)}`,
  )
  expect(found).toEqual(['100x2 missing', '50x1 100x2', '50x1 missing'])
})

test('a new name may be missing, a removed one may be back, until the folder is synced', () => {
  const create = (disk: SimDisk): void => disk.syncFile(named(disk, '/new', filled(9, 1)))
  expect(outcomes(create, show('/new'))).toEqual(['9x1', 'missing'])
  const remove = (disk: SimDisk): void => {
    create(disk)
    disk.syncDirectory(disk.tree.root)
    disk.tree.remove('/new')
  }
  expect(outcomes(remove, show('/new'))).toEqual(['9x1', 'missing'])
  const removeSynced = (disk: SimDisk): void => {
    remove(disk)
    disk.syncDirectory(disk.tree.root)
  }
  expect(outcomes(removeSynced, show('/new'))).toEqual(['missing'])
})

test('a new folder needs the sync of its parent, whatever is synced in it', () => {
  const make = (disk: SimDisk): void => {
    disk.tree.makeDirectory('/a/b')
    disk.syncFile(named(disk, '/a/b/file', filled(9, 1)))
    disk.syncDirectory(disk.tree.openDirectory('sync', '/a/b'))
  }
  expect(outcomes(make, show('/a/b/file'))).toEqual(['9x1', 'missing'])
  const makeSafely = (disk: SimDisk): void => {
    make(disk)
    disk.syncDirectory(disk.tree.openDirectory('sync', '/a'))
    disk.syncDirectory(disk.tree.root)
  }
  expect(outcomes(makeSafely, show('/a/b/file'))).toEqual(['9x1'])
})

test('a move between folders is one step, and durable with the folder it goes to', () => {
  const move = (synced: string) => (disk: SimDisk) => {
    disk.tree.makeDirectory('/a')
    disk.tree.makeDirectory('/b')
    disk.syncFile(named(disk, '/a/file', filled(9, 1)))
    disk.syncDirectory(disk.tree.root)
    disk.syncDirectory(disk.tree.openDirectory('sync', '/a'))
    disk.tree.rename('/a/file', '/b/file')
    disk.syncDirectory(disk.tree.openDirectory('sync', synced))
  }
  const both = (disk: SimDisk) => `${show('/a/file')(disk)} ${show('/b/file')(disk)}`
  expect(outcomes(move('/a'), both)).toEqual(['9x1 missing', 'missing 9x1'])
  expect(outcomes(move('/b'), both)).toEqual(['missing 9x1'])
})

test('the sync after a move makes durable what the move builds on: never two names', () => {
  const found = outcomes(
    (disk) => {
      disk.tree.makeDirectory('/a')
      disk.tree.makeDirectory('/b')
      disk.syncDirectory(disk.tree.root)
      disk.syncFile(named(disk, '/a/file', filled(9, 1)))
      disk.tree.rename('/a/file', '/b/file')
      disk.syncDirectory(disk.tree.openDirectory('sync', '/b'))
    },
    (disk) => `${show('/a/file')(disk)} ${show('/b/file')(disk)}`,
  )
  expect(found).toEqual(['missing 9x1'])
})

test('after a failed sync the bytes are seen but lost, though the next sync succeeds', () => {
  const found = outcomes(
    (disk) => {
      const file = named(disk, '/file', filled(5, 1))
      disk.syncDirectory(disk.tree.root)
      disk.syncFile(file)
      disk.write(file, 5, filled(5, 2), 0)
      disk.forgetUnsynced(file)
      expect([...(contentOf(disk, '/file') ?? [])]).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2])
      disk.write(file, 10, filled(2, 3), 0)
      disk.syncFile(file)
    },
    (disk) => String(contentOf(disk, '/file')),
  )
  expect(found).toEqual(['1,1,1,1,1,0,0,0,0,0,3,3'])
})

test('a cut that was not synced may be undone', () => {
  const found = outcomes((disk) => {
    const file = named(disk, '/file', filled(9, 1))
    disk.syncDirectory(disk.tree.root)
    disk.syncFile(file)
    disk.truncate(file, 4, 0)
  }, show('/file'))
  expect(found).toEqual(['4x1', '9x1'])
})

test('rot changes one byte, on the disk too, and only inside of a file', () => {
  const disk = new SimDisk(() => 0)
  const file = named(disk, '/file', filled(600, 1))
  disk.corrupt('/file', 599, 0x80)
  disk.syncFile(file)
  disk.syncDirectory(disk.tree.root)
  disk.corrupt('/file', 0, 0x40)
  disk.crash(new SeededRandom(1))
  const content = contentOf(disk, '/file') as Uint8Array
  expect([content[0], content[1], content[599], content.length]).toEqual([0x41, 1, 0x81, 600])
  expect(() => disk.corrupt('/file', 600, 1)).toThrow('it has 600 bytes')
})

test('each unsynced write is kept, lost or cut at a sector, independent of the others', () => {
  const reached = { kept: 0, lost: 0, head: 0, tail: 0, lostBeforeKept: 0 }
  const write = fc.record({ lengthBytes: fc.integer({ min: 1, max: 2000 }), sync: fc.boolean() })
  fc.assert(
    fc.property(fc.array(write, { minLength: 1, maxLength: 8 }), fc.nat(), (writes, seed) => {
      const disk = new SimDisk(() => 0)
      const file = disk.tree.createFile('/file')
      disk.syncDirectory(disk.tree.root)
      let endBytes = 0
      let syncedCount = 0
      const starts = writes.map((write, index) => {
        const start = endBytes
        const array = filled(write.lengthBytes, index + 1)
        disk.write(file, start, array, 0)
        array.fill(99)
        endBytes += write.lengthBytes
        if (write.sync && index % 3 === 0) {
          disk.syncFile(file)
          syncedCount = index + 1
        }
        return start
      })
      disk.crash(new SeededRandom(seed))
      const content = contentOf(disk, '/file') as Uint8Array
      let isOneLost = false
      writes.forEach(({ lengthBytes }, index) => {
        const start = starts[index] as number
        const pieces = new Array<boolean>(lengthBytes)
        const changes: number[] = []
        let strangeCount = 0
        for (let at = 0; at < lengthBytes; at++) {
          const value = content[start + at] ?? 0
          if (value !== 0 && value !== index + 1) strangeCount++
          pieces[at] = value !== 0
          if (at > 0 && pieces[at] !== pieces[at - 1]) changes.push(at)
        }
        expect(strangeCount).toBe(0)
        expect(changes.length).toBeLessThanOrEqual(1)
        for (const at of changes) expect((start + at) % 512).toBe(0)
        if (index < syncedCount) expect(pieces.every((is) => is)).toBe(true)
        else if (changes.length === 1) reached[pieces[0] ? 'head' : 'tail']++
        else if (pieces[0]) {
          reached.kept++
          if (isOneLost) reached.lostBeforeKept++
        } else {
          reached.lost++
          isOneLost = true
        }
      })
      const lastByte = content.at(-1)
      expect(lastByte === undefined || lastByte !== 0).toBe(true)
    }),
    { seed: 3, numRuns: 300 },
  )
  // What was never reached would prove nothing.
  for (const count of Object.values(reached)) expect(count).toBeGreaterThan(20)
})

type NameStep =
  | { readonly kind: 'create' | 'remove'; readonly name: string }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string }
  | { readonly kind: 'sync' }

/** The names with their files, by number, after the steps. */
function namesAfter(start: ReadonlyMap<string, number>, steps: readonly AppliedStep[]) {
  const names = new Map(start)
  for (const step of steps) {
    if (step.file === undefined) names.delete(step.name)
    else {
      if (step.to !== undefined) names.delete(step.name)
      names.set(step.to ?? step.name, step.file)
    }
  }
  return names
}

/** A create has no `to`, a remove no `file`. */
interface AppliedStep {
  readonly name: string
  readonly to: string | undefined
  readonly file: number | undefined
}

const sameNames = (names: ReadonlyMap<string, number>): string => String([...names].sort())

/** Every result of a crash: each subset of steps that has all earlier ones of the same names. */
function allowedNames(durable: ReadonlyMap<string, number>, steps: readonly AppliedStep[]) {
  const allowed = new Set<string>()
  for (let subset = 0; subset < 1 << steps.length; subset++) {
    const kept = steps.filter((_, index) => (subset & (1 << index)) !== 0)
    const isCausal = kept.every((step) => {
      const earlier = steps.slice(0, steps.indexOf(step))
      const uses = (other: AppliedStep, name: string | undefined): boolean =>
        name !== undefined && (other.name === name || other.to === name)
      return earlier.every(
        (other) => kept.includes(other) || !(uses(other, step.name) || uses(other, step.to)),
      )
    })
    if (isCausal) allowed.add(sameNames(namesAfter(durable, kept)))
  }
  return allowed
}

test('names after a crash: any set of changes that keeps the order within a name', () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const step: fc.Arbitrary<NameStep> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('create' as const), name }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), name }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('rename' as const), name, to: name }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('sync' as const) }) },
  )
  let chosen = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 4, maxLength: 10 }), fc.nat(), (steps, seed) => {
      const disk = new SimDisk(() => 0)
      const files = new Map<TreeFile, number>()
      let durable = new Map<string, number>()
      let unsynced: AppliedStep[] = []
      for (const step of steps) {
        const seen = namesAfter(durable, unsynced)
        if (step.kind === 'sync') {
          disk.syncDirectory(disk.tree.root)
          durable = seen
          unsynced = []
        } else if (step.kind === 'create' && !seen.has(step.name)) {
          files.set(disk.tree.createFile(`/${step.name}`), files.size)
          unsynced.push({ name: step.name, to: undefined, file: files.size - 1 })
        } else if (step.kind !== 'create' && seen.has(step.name)) {
          const to = step.kind === 'rename' ? step.to : undefined
          if (to === step.name) continue
          if (to === undefined) disk.tree.remove(`/${step.name}`)
          else disk.tree.rename(`/${step.name}`, `/${to}`)
          const file = to === undefined ? undefined : seen.get(step.name)
          unsynced.push({ name: step.name, to, file })
        }
      }
      disk.crash(new SeededRandom(seed))
      const found = new Map<string, number>()
      for (const [name, node] of disk.tree.root.entries) {
        found.set(name, files.get(node as TreeFile) as number)
      }
      const allowed = allowedNames(durable, unsynced)
      expect(allowed).toContain(sameNames(found))
      if (allowed.size > 2 && sameNames(found) !== sameNames(durable)) chosen++
    }),
    { seed: 4, numRuns: 500 },
  )
  expect(chosen).toBeGreaterThan(100)
})
