import { describe, expect, test } from 'vitest'
import type { FileSystem } from '../../src/env/file-system.ts'
import type { Environment } from './environments.ts'

/** What every {@link FileSystem} does, real or not. Durability is not visible from inside. */
export function fileSystemContract(environment: Environment): void {
  const on = (name: string, main: (fs: FileSystem, folder: string) => Promise<void>): void => {
    test(name, () => environment.run((env, folder) => main(env.fileSystem, folder)))
  }
  describe(`FileSystem contract: ${environment.name}`, () => {
    bytesCases(on)
    nameCases(on)
    folderCases(on)
    errorCases(on)
  })
}

type On = (name: string, main: (fs: FileSystem, folder: string) => Promise<void>) => void

function bytesCases(on: On): void {
  on('reads back what was appended, in pieces and past the end', async (fs, folder) => {
    const path = `${folder}/file`
    const file = await fs.create(path)
    expect(file.path).toBe(path)
    await file.append(bytes('hello '))
    await file.append(bytes('world'))
    await file.sync()
    await file.close()
    const reader = await fs.openRead(path)
    expect(text(await reader.read(0, 5))).toBe('hello')
    expect(text(await reader.read(6, 100))).toBe('world')
    expect((await reader.read(11, 10)).length).toBe(0)
    expect((await reader.read(999, 10)).length).toBe(0)
    expect((await reader.read(0, 0)).length).toBe(0)
    await reader.close()
  })

  on('keeps the order of appends that nobody waits for', async (fs, folder) => {
    const file = await fs.create(`${folder}/file`)
    const appends: Promise<void>[] = []
    for (let index = 0; index < 50; index++) {
      appends.push(file.append(new Uint8Array(1 + ((index * 7919) % 5000)).fill(index)))
    }
    await Promise.all([...appends, file.sync(), file.close()])
    const seen = await readAll(fs, `${folder}/file`)
    const runs = [...seen].filter((value, index) => value !== seen[index - 1])
    expect(runs).toEqual(Array.from({ length: 50 }, (_, index) => index))
  })

  on('gives copies: later changes of the array change no file', async (fs, folder) => {
    const path = `${folder}/file`
    const array = bytes('abc')
    const file = await fs.create(path)
    await file.append(array)
    array.fill(0)
    const first = await file.read(0, 3)
    first.fill(0)
    expect(text(await file.read(0, 3))).toBe('abc')
    await file.close()
  })

  on('truncates, and appends at the new end', async (fs, folder) => {
    const path = `${folder}/file`
    const file = await fs.create(path)
    await file.append(bytes('0123456789'))
    await file.truncate(4)
    await file.append(bytes('x'))
    await file.close()
    expect(text(await readAll(fs, path))).toBe('0123x')
  })

  on('opens to append at the end, and creates to start anew', async (fs, folder) => {
    const path = `${folder}/file`
    await write(fs, path, 'one')
    const file = await fs.openAppend(path)
    await file.append(bytes('two'))
    await file.close()
    expect(text(await readAll(fs, path))).toBe('onetwo')
    await (await fs.create(path)).close()
    expect((await fs.stat(path))?.sizeBytes).toBe(0)
  })
}

function nameCases(on: On): void {
  on('tells what is at a path', async (fs, folder) => {
    expect(await fs.stat(`${folder}/none`)).toBeUndefined()
    expect(await fs.stat(`${folder}/none/below`)).toBeUndefined()
    await write(fs, `${folder}/file`, '12345')
    expect(await fs.stat(`${folder}/file/below`)).toBeUndefined()
    const file = await fs.stat(`${folder}/file`)
    expect(file).toMatchObject({ path: `${folder}/file`, name: 'file', kind: 'file', sizeBytes: 5 })
    expect(file?.modifiedMs).toBeGreaterThan(1_700_000_000_000)
    await fs.makeDirectory(`${folder}/sub`)
    const sub = await fs.stat(`${folder}/sub`)
    expect(sub).toMatchObject({ name: 'sub', kind: 'directory', sizeBytes: 0 })
  })

  on('lists the direct children in order of their names', async (fs, folder) => {
    await write(fs, `${folder}/b`, '1')
    await write(fs, `${folder}/a`, '22')
    await write(fs, `${folder}/B`, '')
    await fs.makeDirectory(`${folder}/c/deep`)
    const list = await fs.list(folder)
    expect(list.map((status) => status.name)).toEqual(['B', 'a', 'b', 'c'])
    expect(list.map((status) => status.path)).toEqual([
      `${folder}/B`,
      `${folder}/a`,
      `${folder}/b`,
      `${folder}/c`,
    ])
    expect(list.map((status) => status.sizeBytes)).toEqual([0, 2, 1, 0])
    expect(list.at(-1)?.kind).toBe('directory')
    expect((await fs.list(`${folder}/`)).map((status) => status.path)).toContain(`${folder}/a`)
  })

  on('renames in one step, also over an existing file', async (fs, folder) => {
    await write(fs, `${folder}/old`, 'old')
    await write(fs, `${folder}/new`, 'new')
    await fs.rename(`${folder}/new`, `${folder}/old`)
    expect(text(await readAll(fs, `${folder}/old`))).toBe('new')
    expect(await fs.stat(`${folder}/new`)).toBeUndefined()
    await fs.rename(`${folder}/old`, `${folder}/old`)
    expect(text(await readAll(fs, `${folder}/old`))).toBe('new')
  })

  on('goes on reading a file that was removed or replaced', async (fs, folder) => {
    await write(fs, `${folder}/file`, 'still')
    const reader = await fs.openRead(`${folder}/file`)
    await write(fs, `${folder}/other`, 'other')
    await fs.rename(`${folder}/other`, `${folder}/file`)
    expect(text(await reader.read(0, 10))).toBe('still')
    await fs.remove(`${folder}/file`)
    expect(text(await reader.read(0, 10))).toBe('still')
    await reader.close()
  })
}

function folderCases(on: On): void {
  on('makes folders with their parents, again and again', async (fs, folder) => {
    await fs.makeDirectory(`${folder}/a/b/c`)
    await fs.makeDirectory(`${folder}/a/b/c`)
    await fs.syncDirectory(`${folder}/a/b`)
    expect((await fs.list(`${folder}/a/b`)).map((status) => status.name)).toEqual(['c'])
    expect(await fs.list(`${folder}/a/b/c`)).toEqual([])
  })

  on('removes a folder although files come into it meanwhile', async (fs, folder) => {
    for (let round = 0; round < 20; round++) {
      const busy = `${folder}/busy-${round}`
      await fs.makeDirectory(busy)
      await write(fs, `${busy}/first`, 'x')
      // Once the folder is gone, they are refused.
      const writes = ['second', 'third'].map((name) => write(fs, `${busy}/${name}`, 'x'))
      await Promise.all([fs.remove(busy), Promise.allSettled(writes)])
    }
  })

  on('renames and removes folders with all in them', async (fs, folder) => {
    await fs.makeDirectory(`${folder}/a/b`)
    await write(fs, `${folder}/a/b/file`, 'x')
    await fs.rename(`${folder}/a`, `${folder}/z`)
    expect(text(await readAll(fs, `${folder}/z/b/file`))).toBe('x')
    await fs.remove(`${folder}/z`)
    await fs.remove(`${folder}/z`)
    await fs.remove(`${folder}/z/never/was`)
    expect(await fs.list(folder)).toEqual([])
  })
}

function errorCases(on: On): void {
  on('says FILE_NOT_FOUND where something is missing', async (fs, folder) => {
    const missing = { name: 'EngineError', code: 'FILE_NOT_FOUND' }
    const path = `${folder}/none`
    await expect(fs.openRead(path)).rejects.toMatchObject(missing)
    await expect(fs.openAppend(path)).rejects.toMatchObject(missing)
    await expect(fs.create(`${path}/file`)).rejects.toMatchObject(missing)
    await expect(fs.list(path)).rejects.toMatchObject(missing)
    await expect(fs.rename(path, `${folder}/new`)).rejects.toMatchObject(missing)
    await expect(fs.syncDirectory(path)).rejects.toMatchObject(missing)
    await expect(fs.openRead(path)).rejects.toThrow(`cannot open ${path}: ENOENT, no such file`)
    await write(fs, path, 'a file')
    await expect(fs.list(path)).rejects.toMatchObject(missing)
    await expect(fs.openRead(`${path}/below`)).rejects.toMatchObject(missing)
  })

  on('says FILE_SYSTEM with the code where the kind is wrong', async (fs, folder) => {
    const refused = { name: 'EngineError', code: 'FILE_SYSTEM' }
    await fs.makeDirectory(`${folder}/sub/full`)
    await write(fs, `${folder}/file`, 'x')
    await expect(fs.create(`${folder}/sub`)).rejects.toMatchObject(refused)
    await expect(fs.create(`${folder}/sub`)).rejects.toThrow('EISDIR')
    await expect(fs.makeDirectory(`${folder}/file`)).rejects.toThrow('EEXIST')
    await expect(fs.rename(`${folder}/file`, `${folder}/sub`)).rejects.toMatchObject(refused)
    await fs.makeDirectory(`${folder}/other`)
    await expect(fs.rename(`${folder}/other`, `${folder}/sub`)).rejects.toThrow('ENOTEMPTY')
    await expect(fs.rename(`${folder}/sub`, `${folder}/sub/full/in`)).rejects.toThrow('EINVAL')
  })

  on('refuses to write through a reader, and to use a closed file', async (fs, folder) => {
    await write(fs, `${folder}/file`, 'x')
    const reader = await fs.openRead(`${folder}/file`)
    await expect(reader.append(bytes('y'))).rejects.toMatchObject({ code: 'FILE_SYSTEM' })
    await reader.close()
    await expect(reader.read(0, 1)).rejects.toThrow('EBADF')
    const writer = await fs.openAppend(`${folder}/file`)
    await writer.close()
    await expect(writer.append(bytes('y'))).rejects.toThrow('EBADF')
    await expect(writer.sync()).rejects.toThrow('EBADF')
    expect(text(await readAll(fs, `${folder}/file`))).toBe('x')
  })
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

async function write(fs: FileSystem, path: string, content: string): Promise<void> {
  const file = await fs.create(path)
  await file.append(bytes(content))
  await file.close()
}

async function readAll(fs: FileSystem, path: string): Promise<Uint8Array> {
  const sizeBytes = (await fs.stat(path))?.sizeBytes ?? 0
  const file = await fs.openRead(path)
  const content = await file.read(0, sizeBytes)
  await file.close()
  return content
}
