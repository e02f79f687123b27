import { describe, expect, it } from 'vitest'
import { LineProcess } from './line-process.ts'

/** Answers each line in capitals; ends at `end`. */
const SHOUTING = `
  const { createInterface } = require('node:readline')
  createInterface({ input: process.stdin }).on('line', (line) => {
    if (line !== 'end') return console.log(line.toUpperCase())
    console.error('enough')
    process.exit(3)
  })`

describe('LineProcess', () => {
  it('answers one line after another', async () => {
    const shouting = new LineProcess('shouting', process.execPath, ['-e', SHOUTING])
    expect(await shouting.ask('one')).toBe('ONE')
    expect(await shouting.ask('two')).toBe('TWO')
    shouting.close()
  })

  it('says at what it ended, and of what it complained', async () => {
    const shouting = new LineProcess('shouting', process.execPath, ['-e', SHOUTING])
    await expect(shouting.ask('end')).rejects.toThrow("shouting has ended at 'end': enough")
    await expect(shouting.ask('more')).rejects.toThrow('shouting has ended')
  })

  it('says that a program is not there', async () => {
    const absent = new LineProcess('absent', '/nowhere/absent', [])
    await expect(absent.ask('one')).rejects.toThrow(/absent/)
  })
})
