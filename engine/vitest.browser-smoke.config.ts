import { defineConfig } from 'vitest/config'

// The engine in a real browser: the tests run on Node and drive the system's Chromium.
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    fsModuleCache: false,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
