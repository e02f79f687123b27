import { defineConfig } from 'vitest/config'

// Real processes that are killed and restarted. One file at a time: the suites measure nothing, but
// a job and its processes want both cores.
export default defineConfig({
  test: {
    include: ['test/process/**/*.test.ts'],
    fsModuleCache: false,
    fileParallelism: false,
    maxConcurrency: 2,
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
})
