import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { MultisetDigest } from '../../digest/multiset-digest.ts'
import type { ProgramOutcome } from '../../runner/program.ts'
import { type WideRow, wideRowAdder, wideRowOf } from './wide-rows.ts'

const ROWS_PER_MESSAGE = 1_024

/** So many messages may be under way: enough that neither side waits for the other. */
const MESSAGES_AHEAD = 8

/** Sends rows from one thread to another in arrays, as one does without an engine. */
export async function sendByPostMessage(rows: number): Promise<ProgramOutcome> {
  const digest = new MultisetDigest()
  const add = wideRowAdder(digest)
  const sender = new Worker(new URL(import.meta.url), { workerData: rows })
  await new Promise<void>((resolve, reject) => {
    sender.once('error', reject)
    sender.on('message', (message: readonly WideRow[]) => {
      for (const row of message) add(row)
      if (digest.rows === rows) resolve()
      else sender.postMessage(null)
    })
  })
  await sender.terminate()
  return { output: digest.text }
}

function send(rows: number): void {
  let next = 0
  const sendOne = (): void => {
    const end = Math.min(rows, next + ROWS_PER_MESSAGE)
    const message: WideRow[] = []
    for (; next < end; next++) message.push(wideRowOf(next))
    if (message.length > 0) parentPort?.postMessage(message)
  }
  parentPort?.on('message', sendOne)
  for (let ahead = 0; ahead < MESSAGES_AHEAD; ahead++) sendOne()
}

if (!isMainThread && import.meta.main) send(workerData as number)
