import { defineConfig } from 'vitest/config'

// The tests of the lab itself. Those of the exercises run by vitest.lab.config.ts.
export default defineConfig({
  test: { include: ['kit/**/*.test.ts', 'cli/**/*.test.ts'], fsModuleCache: false },
})
