import { dirname } from 'node:path'
import { defineConfig } from 'tsdown'
import { publishedSources } from '../scripts/checks/published-package.ts'

// One file of `dist` for each file of `src`, so that stack traces and imports read as in the
// source.
export default defineConfig({
  entry: [...publishedSources(dirname(import.meta.dirname))],
  root: 'src',
  outDir: 'dist',
  format: 'esm',
  platform: 'neutral',
  target: 'es2024',
  unbundle: true,
  fixedExtension: false,
  dts: { oxc: true },
  clean: true,
  logLevel: 'warn',
})
