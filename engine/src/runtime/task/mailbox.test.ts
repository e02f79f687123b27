import { expect, test } from 'vitest'
import { Mailbox } from './mailbox.ts'

function setUp(): { mailbox: Mailbox; log: string[] } {
  const log: string[] = []
  return { mailbox: new Mailbox(() => log.push('wake')), log }
}

test('mails run in the order they were put, and only when the task drains', () => {
  const { mailbox, log } = setUp()
  for (const name of ['a', 'b', 'c']) mailbox.put(() => log.push(name))
  expect(log).toEqual(['wake', 'wake', 'wake'])
  expect(mailbox.isEmpty).toBe(false)
  expect(mailbox.drain()).toBe(3)
  expect(log.slice(3)).toEqual(['a', 'b', 'c'])
  expect(mailbox.isEmpty).toBe(true)
  expect(mailbox.drain()).toBe(0)
})

test('a mail that is put by a mail waits for the next drain: a slice stays bounded', () => {
  const { mailbox, log } = setUp()
  const again = (): void => {
    log.push('ran')
    mailbox.put(again)
  }
  mailbox.put(again)
  expect(mailbox.drain()).toBe(1)
  expect(log.filter((line) => line === 'ran')).toHaveLength(1)
  expect(mailbox.isEmpty).toBe(false)
  mailbox.drain()
  expect(log.filter((line) => line === 'ran')).toHaveLength(2)
})

test('a mail that throws is gone; those behind it stay', () => {
  const { mailbox, log } = setUp()
  mailbox.put(() => {
    throw new Error('broken')
  })
  mailbox.put(() => log.push('next'))
  expect(() => mailbox.drain()).toThrow('broken')
  expect(mailbox.drain()).toBe(1)
  expect(log.at(-1)).toBe('next')
})

test('after close nothing runs, nothing is taken and nobody is woken', () => {
  const { mailbox, log } = setUp()
  mailbox.put(() => log.push('too late'))
  mailbox.close()
  mailbox.put(() => log.push('much too late'))
  expect(mailbox.drain()).toBe(0)
  expect(log).toEqual(['wake'])
})

test('a mail that closes the mailbox is the last one', () => {
  const { mailbox, log } = setUp()
  mailbox.put(() => mailbox.close())
  mailbox.put(() => log.push('after the end'))
  mailbox.drain()
  expect(log).not.toContain('after the end')
})
