import { defineConfig } from 'vitest/config'

// fsModuleCache is off: its key leaves out what an import resolves to (vitest#11246).
export default defineConfig({
  test: { include: ['**/*.test.ts'], fsModuleCache: false, testTimeout: 60_000 },
})
