import { describe, expect, test } from 'vitest'
import { avro } from '../../src/connector/avro/avro.ts'
import { avroEncoder } from '../../src/connector/avro/avro-encoder.ts'
import { csv } from '../../src/connector/file/csv.ts'
import type { FileFormat } from '../../src/connector/file/file-format.ts'
import { fileSource } from '../../src/connector/file/file-source.ts'
import { jsonLines } from '../../src/connector/file/json-lines.ts'
import { parquet } from '../../src/connector/file/parquet.ts'
import { fileSink } from '../../src/connector/file-sink/file-sink.ts'
import { parquetEncoder } from '../../src/connector/file-sink/parquet-encoder.ts'
import type { EngineError } from '../../src/index.ts'
import { withPageChecksums } from '../support/parquet-checksums.ts'
import { bytesOf, runInSim, SimHost, writeText } from './run-in-sim.ts'

/** The message of the error that ended the job: the one behind JOB_FAILED. */
async function failureOf(run: Promise<unknown>): Promise<string> {
  try {
    await run
  } catch (error) {
    return (error as EngineError).cause instanceof Error
      ? ((error as EngineError).cause as Error).message
      : String(error)
  }
  throw new Error('the job did not fail')
}

/** Reads text files of a format in a job. */
function readText(
  path: string,
  text: string,
  format: FileFormat<unknown>,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<readonly unknown[]> {
  return runInSim(async (env, process) => {
    await writeText(process, path, text)
    return env.fromSource(fileSource({ path, format }), undefined, 'Orders').executeAndCollect()
  }, settings)
}

const schema = { id: 'integer', who: { type: { fields: { age: 'integer' } } } } as const
const repair = "Repair the input, or set 'pipeline.record-error-policy' to 'skip' or 'dead-letter'"

describe('errors name the place', () => {
  test('FMT-01 JSON: file, line and field', async () => {
    const text = '{"id":1,"who":{"age":3}}\n{"id":2,"who":{"age":"x"}}\n'
    expect(await failureOf(readText('/in/a.jsonl', text, jsonLines({ schema })))).toBe(
      "source 'Orders' (subtask 0) cannot parse /in/a.jsonl:2: field 'who.age' holds \"x\", " +
        `which is not a safe integer; record: {"id":2,"who":{"age":"x"}}. ${repair}`,
    )
  })

  test('FMT-02 CSV: file, line and field', async () => {
    const text = 'id,name\n1,"a\nb"\nx,c\n'
    const format = csv({ header: true, schema: { id: 'integer', name: 'string' } })
    expect(await failureOf(readText('/in/a.csv', text, format))).toBe(
      "source 'Orders' (subtask 0) cannot parse /in/a.csv:4: field 'id' holds \"x\", which is " +
        `not a safe integer; record: x,c. ${repair}`,
    )
  })

  test('FMT-05 Avro: file, block, record and field', async () => {
    const fields = [
      { name: 'id', type: 'int' },
      { name: 'name', type: ['null', 'string'] },
    ]
    const encode = avroEncoder<object>({ type: 'record', name: 'Order', fields })
    const host = new SimHost()
    const orders = [
      { id: 1, name: 'a' },
      { id: 2, name: 'bcdefg' },
    ]
    const bytes = await written(host, orders, encode)
    // The length of the name is the last byte before it.
    const at = indexOf(bytes, bytesOf('bcdefg')) - 1
    bytes[at] = 0x7e
    // Before it: two bytes of this record, four of the first one, count and size of the block.
    const block = at - 8
    expect(await failureOf(readBytes(host, '/in/a.avro', bytes, avro()))).toBe(
      `cannot read /in/a.avro as Avro: the block at byte ${block}, record 1, field 'name': a ` +
        'value of 63 bytes has 6 bytes left; write the file again or leave it out',
    )
  })

  test('FMT-05 Avro: a conversion that refuses a record', async () => {
    const encode = avroEncoder<object>({
      type: 'record',
      name: 'Order',
      fields: [{ name: 'id', type: 'int' }],
    })
    const host = new SimHost()
    const bytes = await written(host, [{ id: 1 }, { id: 2 }], encode)
    const convert = (order: object): object => {
      if (Reflect.get(order, 'id') === 2) throw new Error("field 'id' may not be 2")
      return order
    }
    expect(await failureOf(readBytes(host, '/in/a.avro', bytes, avro({ convert })))).toMatch(
      /cannot parse \/in\/a\.avro, block at byte \d+, record 1: field 'id' may not be 2; record: \{"id":2\}\. Rep/,
    )
  })

  test('FMT-07 Parquet: file, column and page; file and row of a conversion', async () => {
    const encode = parquetEncoder<object>({
      columns: { id: 'integer', name: 'string' },
      codec: 'UNCOMPRESSED',
    })
    const host = new SimHost()
    const rows = [
      { id: 1, name: 'abc' },
      { id: 2, name: 'xyz' },
    ]
    const { bytes, pages } = withPageChecksums(await written(host, rows, encode))
    const convert = (row: object): object => {
      if (Reflect.get(row, 'name') === 'xyz') throw new Error("column 'name' may not be xyz")
      return row
    }
    const format = parquet({ columns: ['name'], convert })
    expect(await failureOf(readBytes(host, '/in/a.parquet', bytes, format))).toBe(
      "source 'Orders' (subtask 0) cannot parse /in/a.parquet, row 2: column 'name' may not be " +
        `xyz; record: {"name":"xyz"}. ${repair}`,
    )
    const damaged = bytes.slice()
    const at = indexOf(bytes, bytesOf('xyz'))
    damaged[at] = 0x41
    const firstPage = pages.findLast(({ start }) => start <= at)
    expect(firstPage?.end).toBeGreaterThan(at)
    expect(await failureOf(readBytes(host, '/in/b.parquet', damaged, parquet()))).toMatch(
      /^cannot read \/in\/b\.parquet as Parquet: column 'name', page at byte \d+: its bytes are not those of its checksum; write the file again or leave it out$/,
    )
  })
})

test('FMT-01 ignore parse errors: what cannot be parsed is skipped and counted', async () => {
  const text = '{"id":1,"who":{"age":3}}\n{"id":\n\n{"id":2,"who":{"age":4},"more":true}\n'
  const settings = { 'pipeline.record-error-policy': 'skip' }
  expect(await readText('/in/a.jsonl', text, jsonLines({ schema }), settings)).toEqual([
    { id: 1, who: { age: 3 } },
    { id: 2, who: { age: 4 } },
  ])
})

async function written(
  host: SimHost,
  records: readonly object[],
  encode: Parameters<typeof fileSink<object>>[0]['encode'],
): Promise<Uint8Array> {
  await host.run(async (env) => {
    env.fromCollection(records).sinkTo(fileSink({ path: '/out', encode }))
    await env.execute()
  })
  const [path = ''] = await host.files('/out')
  return host.run(async (_, { env }) => {
    const file = await env.fileSystem.openRead(path)
    const bytes = await file.read(0, 1_000_000)
    await file.close()
    return bytes.slice()
  })
}

/** Reads a file of these bytes in a job. */
function readBytes(
  host: SimHost,
  path: string,
  bytes: Uint8Array,
  format: FileFormat<unknown>,
): Promise<readonly unknown[]> {
  return host.run(async (env, process) => {
    await process.env.fileSystem.makeDirectory('/in')
    const file = await process.env.fileSystem.create(path)
    await file.append(bytes)
    await file.close()
    return env.fromSource(fileSource({ path, format }), undefined, 'Orders').executeAndCollect()
  })
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at
  }
  throw new Error('the bytes are not there')
}
