import { defineConfig } from 'vitest/config'

// fsModuleCache is off: its key leaves out what an import resolves to (vitest#11246).
// Processes and browsers have suites of their own: vitest.process.config.ts and
// vitest.browser-smoke.config.ts.
// The timeout ends a test that hangs; a busy machine must not make one fail.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/process/**', 'test/browser/**', 'test/soak/**'],
    fsModuleCache: false,
    testTimeout: 60_000,
  },
})
