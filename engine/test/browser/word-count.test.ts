/// <reference types="node" />
import { existsSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EngineBundle, engineBundle, programsBundle } from './bundles.ts'
import { launchChromium } from './chromium.ts'
import { type PageServer, servePage } from './page-server.ts'
import type { KeyCount, WindowedCountOutcome } from './programs.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

const TEXT = 'To be, or not to be:\nthat is the question.\n\nTo die, to sleep -\nto sleep, ära'

const hasChromium = existsSync(CHROMIUM)
if (!hasChromium) console.log('SKIPPED browser (no chromium: apt-get install chromium)')

// Skipped where no Chromium is installed; the reason is printed above.
describe.skipIf(!hasChromium)('the engine in a browser', () => {
  let bundle: EngineBundle
  let server: PageServer
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  beforeAll(async () => {
    bundle = await engineBundle()
    const { kib, gzipKib, modules } = bundle
    console.log(`engine bundle: ${kib} KiB minified, ${gzipKib} KiB gzipped, ${modules} modules`)
    server = await servePage({ '/engine.js': bundle.code, '/programs.js': await programsBundle() })
    browser = await launchChromium(CHROMIUM)
    page = await browser.newPage()
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (line) => {
      if (line.type() === 'error') complaints.push(line.text())
    })
    await page.goto(server.url)
    await page.waitForFunction('globalThis.programs !== undefined')
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  it('is bundled from the browser entry into one module without imports', () => {
    expect(bundle.imports).toEqual([])
    expect(bundle.code.match(/["'`]node:[\w/]*/g)).toBeNull()
    expect(bundle.code.match(/(?<![\w$.#])(?:process\.|Buffer\.|setImmediate\()/g)).toBeNull()
  })

  it('counts words', async () => {
    const counts = await page.evaluate<readonly (readonly [string, number])[]>(
      `programs.wordCount(${JSON.stringify(TEXT)})`,
    )
    expect(Object.fromEntries(counts)).toEqual({
      be: 2,
      die: 1,
      is: 1,
      not: 1,
      or: 1,
      question: 1,
      sleep: 2,
      that: 1,
      the: 1,
      to: 5,
      ära: 1,
    })
  })

  it('counts in tumbling windows of event time while checkpoints are taken in memory', async () => {
    const [records, keys, sizeMs] = [300_000, 7, 10_000]
    const outcome = await page.evaluate<WindowedCountOutcome>(
      `programs.windowedCount(${records}, ${keys}, ${sizeMs})`,
    )
    expect(inOrder(outcome.counts)).toEqual(inOrder(expectedCounts(records, keys, sizeMs)))
    expect(outcome.completedCheckpoints).toBeGreaterThan(1)
    expect(outcome.checkpointBytes).toBeGreaterThan(0)
  })

  it('reports no error to the page', () => {
    expect(complaints).toEqual([])
  })
})

function expectedCounts(records: number, keys: number, sizeMs: number): KeyCount[] {
  const counts: KeyCount[] = []
  for (let startMs = 0; startMs < records; startMs += sizeMs) {
    for (let key = 0; key < keys; key++) {
      let count = 0
      for (let n = startMs; n < startMs + sizeMs; n++) if (n % keys === key) count++
      counts.push({ key, startMs, count })
    }
  }
  return counts
}

function inOrder(counts: readonly KeyCount[]): KeyCount[] {
  return [...counts].sort((a, b) => a.startMs - b.startMs || a.key - b.key)
}
