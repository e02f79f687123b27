import { expect, it } from 'vitest'
import { plantRepository } from './planted-repository.ts'
import { publishedExports, publishedSources } from './published-package.ts'

it('publishes dist in place of src, under every condition', () => {
  const exports = {
    '.': { browser: './src/browser.ts', default: './src/index.ts' },
    './spi': './src/spi.ts',
  }
  expect(publishedExports(exports)).toEqual({
    '.': {
      browser: { types: './dist/browser.d.ts', default: './dist/browser.js' },
      default: { types: './dist/index.d.ts', default: './dist/index.js' },
    },
    './spi': { types: './dist/spi.d.ts', default: './dist/spi.js' },
  })
})

it('builds what is exported and what an exported file loads by URL, and no tests', () => {
  const exports = { '.': './src/index.ts', './connector/*': './src/connector/*/index.ts' }
  const planted = plantRepository({
    'engine/package.json': JSON.stringify({ name: '@millrace/engine', exports }),
    'engine/src/index.ts': "import './cluster/local.ts'",
    'engine/src/cluster/local.ts': "new URL('./worker.ts', import.meta.url)",
    'engine/src/cluster/worker.ts': '',
    'engine/src/cluster/worker.test.ts': "new URL('./other.ts', import.meta.url)",
    'engine/src/cluster/other.ts': '',
    'engine/src/connector/file/index.ts': '',
    'engine/src/connector/file/reader.ts': '',
  })
  expect(publishedSources(planted)).toEqual([
    'src/cluster/worker.ts',
    'src/connector/file/index.ts',
    'src/index.ts',
  ])
})
