/// <reference types="node" />
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Env } from '../../src/env/env.ts'
import { nodeEnv } from '../../src/env/node/node-env.ts'
import { webEnv } from '../../src/env/web/web-env.ts'
import type { FaultPlan } from '../../src/testing/sim/fault-plan.ts'
import { SimWorld } from '../../src/testing/sim/sim-world.ts'

/** A kind of {@link Env} that the contract suites run on. */
export interface Environment {
  readonly name: string
  /** Runs `main` on a fresh Env; `folder` exists, is empty and is removed afterwards. */
  run(main: (env: Env, folder: string) => Promise<void>): Promise<void>
}

export const nodeEnvironment: Environment = {
  name: 'node',
  run: async (main) => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-'))
    try {
      await main(nodeEnv(), folder)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

export const webEnvironment: Environment = {
  name: 'web',
  run: async (main) => {
    const env = webEnv()
    await env.fileSystem.makeDirectory('/folder')
    await main(env, '/folder')
  },
}

/** A simulated world per case and seed; a case passes only if it passes on every seed. */
export function simEnvironment(name: string, faults: FaultPlan = {}): Environment {
  return {
    name,
    run: async (main) => {
      for (let seed = 1; seed <= 10; seed++) {
        const world = new SimWorld({ seed, faults })
        const process = world.createProcess('tested')
        let isDone = false
        world.start(process, async () => {
          await process.env.fileSystem.makeDirectory('/folder')
          await main(process.env, '/folder')
          isDone = true
        })
        const outcome = await world.run({ until: () => isDone })
        if (outcome.kind !== 'done') throw new Error(`${outcome.kind}\n${world.report()}`)
      }
    },
  }
}
