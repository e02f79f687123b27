/// <reference types="node" />
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { optionTable, pageWithOptions, presentPage } from '../../../scripts/config-reference.ts'
import { ConfigOptions } from '../../src/index.ts'

const ROOT = resolve(import.meta.dirname, '../../..')

it('the configuration reference is as scripts/config-reference.ts writes it', () => {
  expect(presentPage(ROOT)).toBe(pageWithOptions(ROOT))
})

it('the table of options names every option', () => {
  const table = optionTable()
  for (const { key } of Object.values(ConfigOptions)) expect(table).toContain(`\`${key}\``)
})
