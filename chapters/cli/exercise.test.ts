/// <reference types="node" />
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Exercise, findExercises, metadataFaults, selectExercise } from './exercise.ts'
import { mutantsOf, targetFolder } from './lab-target.ts'

const exercises = findExercises(dirname(import.meta.dirname))
const merge = exercises.find(({ metadata }) => metadata.id === 'watermarks/merge') as Exercise

describe('the selection of an exercise', () => {
  it.each([
    '5.1',
    '05-watermark-propagation/01-merge-watermarks',
    'watermarks/merge',
    'watermarks/m',
  ])('finds one by %s', (name) => {
    expect(selectExercise(exercises, name)).toBe(merge)
  })

  it('finds none by an unknown or ambiguous name', () => {
    expect(selectExercise(exercises, '99.1')).toBeUndefined()
    const twin = { ...merge, folder: '05-watermark-propagation/02-x', number: '5.2' }
    expect(selectExercise([merge, twin], '05-water')).toBeUndefined()
  })
})

describe('exercise.json', () => {
  it('is accepted as it is', () => {
    for (const { metadata } of exercises) expect(metadataFaults(metadata)).toEqual([])
  })

  it.each([
    { id: 'no-topic' },
    { title: '' },
    { kind: 'read' },
    { minutes: 0 },
    { difficulty: 6 },
    { steps: [] },
    { status: 'done' },
    { colour: 'red' },
    { kind: 'use' },
  ])('is refused with %o', (change) => {
    const changed = { ...merge.metadata, ...change } as Exercise['metadata']
    expect(metadataFaults(changed)).not.toEqual([])
  })
})

describe('the target of a test', () => {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'millrace-target-'))
    for (const name of ['b', 'a'])
      mkdirSync(join(root, 'x', 'y', 'mutants', name), { recursive: true })
  })
  afterAll(() => rmSync(root, { recursive: true }))

  it('is the starter until there is work, and then the work', () => {
    expect(targetFolder(root, 'work', 'x/y')).toBe(join('x', 'y', 'starter'))
    mkdirSync(join(root, 'work', 'x', 'y'), { recursive: true })
    writeFileSync(join(root, 'work', 'x', 'y', 'index.ts'), '')
    expect(targetFolder(root, 'work', 'x/y')).toBe(join('work', 'x', 'y'))
    expect(targetFolder(root, 'solution', 'x/y')).toBe(join('x', 'y', 'solution'))
  })

  it('is a mutant by its number', () => {
    expect(mutantsOf(root, 'x/y')).toEqual(['a', 'b'])
    expect(targetFolder(root, 'mutant@1', 'x/y')).toBe(join('x', 'y', 'mutants', 'b'))
    expect(() => targetFolder(root, 'mutant@2', 'x/y')).toThrow('no mutant')
  })
})
