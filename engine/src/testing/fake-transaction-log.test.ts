import { describe, expect, test } from 'vitest'
import { type CallOutcome, FakeTransactionLog } from './fake-transaction-log.ts'

const COMMIT_LOST = expect.objectContaining({ code: 'COMMIT_LOST' })

function prepared(log: FakeTransactionLog<string>, id: string, ...records: string[]): void {
  log.begin(id)
  log.append(id, records)
  log.preCommit(id)
}

describe('transactions', () => {
  test('only committed records are read, in the order of the commits', () => {
    const log = new FakeTransactionLog<string>()
    const read = log.reader()
    prepared(log, 'first', 'a', 'b')
    prepared(log, 'second', 'c')
    expect(read()).toEqual([])
    log.commit('second')
    expect(read()).toEqual(['c'])
    log.commit('first')
    expect([read(), read()]).toEqual([['a', 'b'], []])
    expect(log.committed).toEqual(['c', 'a', 'b'])
    expect(log.committedTransactions.map(({ id }) => id)).toEqual(['second', 'first'])
  })

  test('commit, prepare and abort may be repeated', () => {
    const log = new FakeTransactionLog<string>()
    prepared(log, 'x', 'a')
    log.preCommit('x')
    log.commit('x')
    log.commit('x')
    expect(log.committed).toEqual(['a'])
    log.begin('y')
    log.abort('y')
    log.abort('y')
    expect(log.pending()).toEqual([])
  })

  test('what is lost is told, never hidden', () => {
    const log = new FakeTransactionLog<string>()
    expect(() => log.commit('none')).toThrow(COMMIT_LOST)
    log.begin('open')
    expect(() => log.commit('open')).toThrow(COMMIT_LOST) // not prepared
    log.abort('open')
    expect(() => log.append('open', ['a'])).toThrow(COMMIT_LOST)
    expect(() => log.commit('open')).toThrow(/it is ABORTED/)
    prepared(log, 'done', 'a')
    log.commit('done')
    expect(() => log.abort('done')).toThrow(COMMIT_LOST)
    expect(() => log.begin('done')).toThrow(/exists already/)
  })

  test('the system aborts what is older than its timeout, also prepared transactions', () => {
    let nowMs = 0
    const log = new FakeTransactionLog<string>({ nowMs: () => nowMs, transactionTimeoutMs: 100 })
    prepared(log, 'x', 'a')
    nowMs = 99
    expect(log.pending('x')).toHaveLength(1)
    nowMs = 100
    expect(log.pending('x')).toHaveLength(0)
    expect(() => log.commit('x')).toThrow(COMMIT_LOST)
  })
})

test('the four outcomes of a call', () => {
  let outcome: CallOutcome = 'done'
  const log = new FakeTransactionLog<string>({
    outcome: (operation) => (operation === 'commit' ? outcome : 'done'),
  })
  const retryable = expect.objectContaining({ code: 'CONNECTION', retryable: true })
  prepared(log, 'x', 'a')
  outcome = 'failed'
  expect(() => log.commit('x')).toThrow(retryable)
  outcome = 'timed-out'
  expect(() => log.commit('x')).toThrow(retryable)
  expect(log.committed).toEqual([])
  outcome = 'timed-out-yet-done'
  expect(() => log.commit('x')).toThrow(retryable)
  expect(log.committed).toEqual(['a'])
  outcome = 'done'
  log.commit('x')
  expect(log.committed).toEqual(['a'])
})
