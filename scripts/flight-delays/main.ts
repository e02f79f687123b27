// Runs the example `engine/examples/flight-delays.ts`, kills it while it runs, and compares what it
// has written with a reference: `npm start [-- options]`. `--help` lists the options.

import { setImmediate } from 'node:timers/promises'
import { committedOutput } from './committed-output.ts'
import { readFlightColumns } from './flight-columns.ts'
import { killLoop } from './kill-loop.ts'
import { killPlan } from './kill-plan.ts'
import { grouped, ProgressDisplay } from './progress-display.ts'
import { referenceOutput } from './reference.ts'
import { type RunOptions, runOptions, UsageError } from './run-options.ts'
import { verdictOf } from './verdict.ts'
import { makeWorkFolder, removeWorkFolder } from './work-folder.ts'
import { worstAirportsTable } from './worst-airports.ts'

/** Runs the job with its kills; how it went is told line by line. */
async function runJob(options: RunOptions, folder: string, signal: AbortSignal) {
  const { seed, records, kills: planned, rate } = options
  const display = new ProgressDisplay(process.stdout)
  let kills = 0
  const listener: Parameters<typeof killLoop>[2] = {
    progress: (report, checkpoints) => display.progress(report, checkpoints, kills),
    killed: (at) => {
      kills++
      display.line(`SIGKILL ${kills} of ${planned} at ${grouped(at)} records`)
      display.restart()
    },
    resumed: (records, checkpoints) => {
      const from = checkpoints === 0 ? 'before any checkpoint' : 'from the latest checkpoint'
      display.line(`restarted ${from}: at ${grouped(records)}`)
    },
    wrote: (output) => display.line(output.trimEnd()),
  }
  const job = { folder, limit: records, flightsPerSecond: rate }
  try {
    return await killLoop(job, killPlan(seed, planned, records), listener, signal)
  } finally {
    display.end()
  }
}

async function run(options: RunOptions, folder: string, signal: AbortSignal): Promise<boolean> {
  const { seed, records, replay } = options
  console.log(
    `flight-delays: ${grouped(records)} flights; the job is killed ${options.kills} times`,
  )
  console.log(`seed ${seed}; to kill at the same points: ${replay}`)
  const startMs = performance.now()
  const { kills, checkpoints } = await runJob(options, folder, signal)
  const seconds = (performance.now() - startMs) / 1000
  const output = committedOutput(folder)
  const share = ((output.lines.late.length / records) * 100).toFixed(2)
  console.log(
    `finished after ${seconds.toFixed(1)} s (${grouped(Math.round(records / seconds))} records/s with ` +
      `${kills} restarts), ${checkpoints} checkpoints, ${output.fileCount} files; ` +
      `late: ${grouped(output.lines.late.length)} flights (${share} %)`,
  )
  const referenceStartMs = performance.now()
  const reference = referenceOutput(await readFlightColumns(records))
  await setImmediate() // lets signals in that came meanwhile
  signal.throwIfAborted()
  const verdict = verdictOf(reference, output, { records, kills })
  const rows = reference.hourly.length + reference.daily.length + reference.late.length
  const tookSeconds = ((performance.now() - referenceStartMs) / 1000).toFixed(1)
  console.log(`compared ${grouped(rows)} rows with the reference in ${tookSeconds} s\n`)
  for (const line of worstAirportsTable(output.lines)) console.log(line)
  console.log('')
  for (const line of verdict.details) console.log(line)
  console.log(verdict.lastLine)
  return verdict.isOk
}

/** Aborts when the run is to stop: Ctrl-C, a closed terminal, a kind kill. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  for (const [name, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(name, () => {
      process.exitCode = 128 + number
      controller.abort(new Error(`stopped by ${name}`))
    })
  }
  return controller.signal
}

try {
  const options = runOptions(process.argv.slice(2))
  const signal = stopSignal()
  const folder = makeWorkFolder(options.folder)
  try {
    const isOk = await run(options, folder, signal)
    if (!signal.aborted) process.exitCode = isOk ? 0 : 1
  } catch (error) {
    console.error(`flight-delays: ${(error as Error).message}`)
    process.exitCode ||= 1
  } finally {
    if (options.keep) console.error(`kept: ${folder}`)
    else removeWorkFolder(folder)
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
