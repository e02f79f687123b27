/// <reference types="node" />
// Runs the job as a child process that reports its progress over the IPC channel of `fork`:
//   fork('supervised-run.ts', [JSON.stringify(options)])
import { getExecutionEnvironment, type JobClient } from '@millrace/engine'
import { flightDelays } from '../flight-delays.ts'
import type { ProgressReport } from './progress-report.ts'

const REPORT_INTERVAL_MS = 20

// Nobody is left to stop this process once its parent is gone.
const orphaned = (): never => process.exit(1)
process.on('disconnect', orphaned)
// Ctrl-C reaches this process too; it is the parent's to answer.
process.on('SIGINT', () => {})

const env = getExecutionEnvironment()
// A failure is to be seen, not to be made up for by a restart inside of this process.
env.configure({ 'restart-strategy.type': 'none' })
flightDelays(env, JSON.parse(process.argv[2] ?? '{}'))
const client = await env.executeAsync('flight-delays')
const checkpointIds = new Set<number>()
const interval = setInterval(() => process.send?.(report(client, false)), REPORT_INTERVAL_MS)
await client.result()
clearInterval(interval)
process.off('disconnect', orphaned)
process.send?.(report(client, true), () => process.disconnect())

function report(job: JobClient, finished: boolean): ProgressReport {
  for (const { checkpointId, status } of job.checkpoints()) {
    if (status === 'COMPLETED') checkpointIds.add(checkpointId)
  }
  let records = 0
  let watermarkMs: number | undefined
  for (const { operatorName, values } of job.metrics()) {
    records = Math.max(records, values.flightsReplayed ?? 0)
    const input = values.currentInputWatermark
    if (operatorName !== 'Hourly delays' || input === undefined) continue
    watermarkMs = Math.min(watermarkMs ?? input, input)
  }
  // Before the first watermark and behind the last stand values that are no point in time.
  const isTime = watermarkMs !== undefined && Math.abs(watermarkMs) < 8.64e15
  return {
    records,
    watermarkMs: isTime ? watermarkMs : undefined,
    checkpoints: checkpointIds.size,
    finished,
  }
}
