/// <reference types="node" />
import { defineConfig } from 'vitest/config'
import { labTarget } from './cli/lab-target.ts'

// fsModuleCache is off: its key leaves out what an import resolves to (vitest#11246), so a run
// against a solution would let the starter and every mutant pass afterwards.
export default defineConfig({
  plugins: [labTarget(import.meta.dirname, process.env.LAB_TARGET ?? 'work')],
  test: {
    include: ['[0-9]*/*/tests/**/*.test.ts', 'canary/*/tests/**/*.test.ts'],
    setupFiles: ['./kit/setup.ts'],
    fsModuleCache: false,
  },
})
