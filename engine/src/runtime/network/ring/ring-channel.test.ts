import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordBatch } from '../../../core/record-batch.ts'
import { END_OF_INPUT, type StreamElement, watermark } from '../../../core/stream-element.ts'
import { nodeTextBytes } from '../../../env/node/node-text-bytes.ts'
import { TypeRegistry } from '../../../types/type-registry.ts'
import { Doorbell } from './doorbell.ts'
import { RingReceiver } from './ring-receiver.ts'
import { RingSender } from './ring-sender.ts'
import { createRing } from './shared-ring.ts'

/** Both ends of a channel of a small ring, in one thread. */
function channel(): { sender: RingSender; receiver: RingReceiver; post: (() => void)[] } {
  const post: (() => void)[] = []
  const [senderBell, receiverBell] = [new SharedArrayBuffer(4), new SharedArrayBuffer(4)]
  const shared = { ring: createRing(4_096), text: nodeTextBytes, registry: new TypeRegistry() }
  const end = (own: SharedArrayBuffer, peerBell: SharedArrayBuffer) => ({
    ...shared,
    peerBell,
    doorbell: new Doorbell(own, (run) => void post.push(run)),
  })
  return {
    sender: new RingSender(end(senderBell, receiverBell)),
    receiver: new RingReceiver(end(receiverBell, senderBell)),
    post,
  }
}

/** Lets what the doorbells promise happen, and runs what they posted. */
async function turn(post: (() => void)[]): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  for (const run of post.splice(0)) run()
}

const element = fc.oneof(
  fc
    .array(fc.string({ maxLength: 400, size: 'max' }), { minLength: 1, maxLength: 60 })
    .map((texts) => ({
      records: texts.map((text, n) => ({ text, n })),
    })),
  fc.integer().map((timestampMs) => ({ watermark: timestampMs })),
  fc.record({ checkpointId: fc.nat(), triggeredMs: fc.nat() }).map((barrier) => ({ barrier })),
  fc.constant({ idle: true }),
)

function describe(taken: StreamElement): unknown {
  switch (taken.kind) {
    case 'records':
      return { records: taken.values.slice(0, taken.length) }
    case 'watermark':
      return { watermark: taken.timestampMs }
    case 'barrier':
      return { barrier: { checkpointId: taken.checkpointId, triggeredMs: taken.triggeredMs } }
    case 'watermark-status':
      return { idle: taken.idle }
    case 'end':
      return 'end'
  }
}

test('property: elements keep their order through a small ring, whatever does not fit, and both ends are woken', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(element, { maxLength: 30, size: 'max' }),
      fc.infiniteStream(fc.boolean()),
      fc.infiniteStream(fc.boolean()),
      // In so many turns nothing happens: after a few of them an end that waits sleeps.
      fc.infiniteStream(fc.constantFrom(1, 8)),
      async (elements, reads, writes, pauses) => {
        const { sender, receiver, post } = channel()
        const taken: unknown[] = []
        let [readable, writable] = [true, true]
        receiver.onReadable(() => {
          readable = true
        })
        sender.onWritable(() => {
          writable = true
        })
        const read = (): void => {
          const next = receiver.poll()
          if (next === undefined) readable = false
          else {
            taken.push(describe(next))
            if (next.kind === 'records') receiver.recycle(next)
          }
        }
        const left = [...elements]
        let ended = false
        for (let turns = 0; taken.at(-1) !== 'end'; turns++) {
          expect(turns).toBeLessThan(5_000)
          writable &&= sender.hasCredit
          if (writable && left.length > 0 && writes.next().value) {
            const next = left.shift() as Partial<
              Record<'records' | 'watermark' | 'barrier' | 'idle', never>
            >
            if (next.records !== undefined) sender.sendBatch(batchOf(sender, next.records))
            else if (next.watermark !== undefined) sender.sendControl(watermark(next.watermark))
            else if (next.barrier !== undefined) {
              sender.sendControl({
                kind: 'barrier',
                purpose: 'savepoint',
                ...(next.barrier as object),
              } as never)
            } else sender.sendControl({ kind: 'watermark-status', idle: true })
          } else if (left.length === 0 && !ended) {
            ended = true
            sender.sendControl(END_OF_INPUT)
          }
          if (readable && (reads.next().value || left.length === 0)) read()
          // Nobody looks at an end that waits until its doorbell has rung.
          if (readable && writable) continue
          for (let idle = pauses.next().value; idle > 0; idle--) await turn(post)
        }
        expect(taken.slice(0, -1)).toEqual(elements)
      },
    ),
    { seed: 52, numRuns: 100 },
  )
})

function batchOf(sender: RingSender, records: readonly unknown[]): RecordBatch {
  const batch = sender.emptyBatch()
  for (const record of records) batch.add(record, Number.NaN)
  return batch
}

test('a record larger than the ring arrives in parts', () => {
  const { sender, receiver } = channel()
  const text = 'x'.repeat(50_000)
  sender.sendBatch(RecordBatch.of([{ text }]))
  expect(sender.hasCredit).toBe(false)
  let taken: StreamElement | undefined
  for (let i = 0; i < 100 && taken === undefined; i++) {
    taken = receiver.poll()
    void sender.hasCredit // the sender's thread has room again
  }
  expect(taken?.kind === 'records' && taken.values[0]).toEqual({ text })
  expect(sender.hasCredit).toBe(true)
})
