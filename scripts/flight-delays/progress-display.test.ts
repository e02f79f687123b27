import { expect, it } from 'vitest'
import { ProgressDisplay } from './progress-display.ts'

function display(terminal: { isTTY: boolean; columns?: number }) {
  const written: string[] = []
  let nowMs = 0
  const shown = new ProgressDisplay(
    { ...terminal, write: (text: string) => written.push(text) },
    () => nowMs,
  )
  const report = (atMs: number, records: number, watermarkMs?: number): void => {
    nowMs = atMs
    shown.progress({ records, watermarkMs, checkpoints: 0, finished: false }, 5, 1)
  }
  return { written, shown, report }
}

it('writes a line each second where it cannot redraw one', () => {
  const { written, report } = display({ isTTY: false })
  for (let atMs = 0; atMs <= 2_500; atMs += 100) report(atMs, 1_000_000 + atMs * 300)
  expect(written).toEqual([
    '1,000,000 records     - k/s  watermark -                 checkpoints 5  kills 1\n',
    '1,300,000 records   300 k/s  watermark -                 checkpoints 5  kills 1\n',
    '1,600,000 records   300 k/s  watermark -                 checkpoints 5  kills 1\n',
  ])
})

it('redraws one line on a terminal, never wider than that', () => {
  const { written, shown, report } = display({ isTTY: true, columns: 60 })
  report(0, 500, Date.UTC(2001, 2, 4, 5, 59, 59, 999))
  report(50, 600)
  report(100, 700)
  shown.line('killed')
  shown.line('again')
  const [first = '', , newLine, ...lines] = written
  expect(first).toContain('watermark 2001-03-04 06:00')
  expect(first.replace('\r\x1b[K', '')).toHaveLength(59)
  expect(written[1]).toContain('700 records')
  expect([newLine, ...lines]).toEqual(['\n', 'killed\n', 'again\n'])
})

it('does not measure over a restart', () => {
  const { written, shown, report } = display({ isTTY: false })
  report(0, 900_000)
  shown.restart()
  report(1_000, 600_000)
  expect(written[1]).toContain('    - k/s')
})
