import { expect, test } from 'vitest'
import { crc32 } from '../../base/crc32.ts'
import { ErrorCode } from '../../base/engine-error.ts'
import { encodeAscii } from './ascii-json.ts'
import type { CheckpointMetadata } from './checkpoint-metadata.ts'
import { safeName, stateFileName } from './checkpoint-paths.ts'
import { decodeMetadata, encodeMetadata } from './metadata-format.ts'

function metadataWith(path: string): CheckpointMetadata {
  return {
    checkpointId: 1,
    jobId: 'j',
    jobName: 'J',
    purpose: 'savepoint',
    triggeredMs: 1,
    completedMs: 2,
    operators: [
      {
        operatorId: 'o',
        uid: undefined,
        name: 'O',
        parallelism: 1,
        maxParallelism: 128,
        stateful: true,
        finished: true,
        coordinator: undefined,
        subtasks: [{ path, sizeBytes: 20, sections: [] }],
      },
    ],
  }
}

test('round trip into another folder', () => {
  const read = decodeMetadata(encodeMetadata(metadataWith('/a/chk-1/o-0.state'), '/a/chk-1'), '/b')
  expect(read).toEqual(metadataWith('/b/o-0.state'))
})

test('a state file outside of the folder is refused, in writing and in reading', () => {
  for (const path of ['/a/chk-2/x', '/a/chk-1/../x', '/a/chk-1/', '/a/chk-10/x', 'x']) {
    expect(() => encodeMetadata(metadataWith(path), '/a/chk-1')).toThrowError(
      expect.objectContaining({ code: ErrorCode.INVALID_ARGUMENT }),
    )
  }
  const sound = String.fromCharCode(...encodeMetadata(metadataWith('/a/x.state'), '/a'))
  for (const path of ['../x', '/etc/passwd', '..', '', 'a\\\\b']) {
    const json = sound.slice(sound.indexOf('\n') + 1).replace('"x.state"', `"${path}"`)
    const crc = crc32(encodeAscii(json)).toString(16).padStart(8, '0')
    const head = `millrace-checkpoint version=1 crc32=${crc} bytes=${json.length}\n`
    expect(() => decodeMetadata(encodeAscii(head + json), '/a')).toThrowError(
      expect.objectContaining({ code: ErrorCode.CORRUPT_CHECKPOINT }),
    )
  }
})

test('names of files are safe and differ', () => {
  const ids = [
    'a',
    'A',
    'a/b',
    'a_b',
    'a~002fb',
    '..',
    '.',
    '',
    'x'.repeat(300),
    `${'x'.repeat(300)}y`,
  ]
  const names = ids.map((id) => stateFileName(id, 3))
  expect(new Set(names).size).toBe(ids.length)
  for (const name of names) expect(name).toMatch(/^[\w.~-]{1,160}-3\.state$/)
  expect([safeName('..'), safeName('job-1')]).toEqual(['~..', 'job-1'])
})
