import { copyFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Peer, peerFolder } from '../peer.ts'
import { proveSums } from '../prove-sums.ts'
import { runTool, toolVersion } from '../tool.ts'
import { CRATE, isInstalled, TIMELY, timelyBinary, timelyFolder } from './timely-files.ts'
import { TimelyProcess } from './timely-process.ts'

/** Timely dataflow in a process of its own. */
export const timely: Peer = {
  name: 'timely',
  about: `timely dataflow ${TIMELY.version} (${TIMELY.registry}: ${TIMELY.package}), needs cargo`,
  missing,
  install,
  remove: () => rmSync(peerFolder('timely'), { recursive: true, force: true }),
}

function missing(): string | undefined {
  if (isInstalled()) return undefined
  if (toolVersion('cargo') === undefined) return 'there is no cargo on the path to build it with'
  return 'not installed; `pnpm bench peers install timely` does that'
}

async function install(progress: (line: string) => void): Promise<void> {
  progress(toolVersion('cargo') ?? 'there is no cargo on the path')
  if (!isInstalled()) build(progress)
  const process = new TimelyProcess()
  try {
    for (const workers of [1, 2]) {
      const tell = (line: string): void => progress(`workers ${workers}, ${line}`)
      await proveSums((records) => process.run(workers, records), tell)
    }
  } finally {
    process.close()
  }
}

/** Cargo compares what it downloads with the checksums in `Cargo.lock`. */
function build(progress: (line: string) => void): void {
  progress(`downloading and compiling ${TIMELY.package} ${TIMELY.version}`)
  const target = join(timelyFolder(), 'target')
  const manifest = join(CRATE, 'Cargo.toml')
  const where = ['--manifest-path', manifest, '--target-dir', target]
  runTool('cargo', ['build', '--quiet', '--release', '--locked', ...where])
  const partial = `${timelyBinary()}.partial`
  copyFileSync(join(target, 'release', 'millrace-timely'), partial)
  renameSync(partial, timelyBinary())
}
