import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/**
 * Worker threads of the tests load the sources as they are. Compiled once, they start in a third of
 * the time, and need no WebAssembly to strip types: V8 crashes now and then when a thread with
 * WebAssembly ends while another runs (nodejs/node#64500).
 */
const COMPILE_CACHE = join(import.meta.dirname, '../.millrace/compile-cache')

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
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE },
  },
})
