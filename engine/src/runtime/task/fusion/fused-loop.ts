/**
 * One loop for neighbours of a chain that do nothing but call a function for each record.
 *
 * Hot, and generated: operators that hand batches to each other store and load every record once
 * per operator, through code that all jobs share and that V8 therefore cannot specialise. The text
 * is a function of the kinds of the stages alone. Its twin is the operators themselves, batch by
 * batch.
 */
import { runGenerated } from '../../../base/generated-code.ts'
import type { RecordBatch } from '../../../core/record-batch.ts'
import type { Output } from '../../../operator/output.ts'
import type { RecordStage } from '../../../operator/record-stage.ts'

/**
 * Runs a batch through all stages. Adds to `dropped[k]` how many records stage `k` did not hand on:
 * a filter kept them back, or their function threw and the policy lets the job go on.
 */
export type FusedLoop = (batch: RecordBatch, dropped: Float64Array) => void

/**
 * Makes the loop of the stages. Only the last of them may be of kind `each`; what the last one
 * hands on goes to `output`.
 */
export function fusedLoop(stages: readonly RecordStage[], output: Output<unknown>): FusedLoop {
  const calls = Object.fromEntries(stages.map(({ call }, k) => [`call${k}`, call]))
  const text = loopText(stages.map(({ kind }) => kind))
  return runGenerated('chain', text, { ...calls, stages, output }) as FusedLoop
}

/** The number that `at` has while the loop emits: no stage is to blame then. */
const EMITTING = -1

function loopText(kinds: readonly RecordStage['kind'][]): string {
  const body: string[] = []
  let value = 'v0'
  const inputs: string[] = []
  kinds.forEach((kind, k) => {
    inputs.push(value)
    body.push(`at = ${k}`)
    if (kind === 'map') {
      body.push(`v${k + 1} = call${k}(${value})`)
      value = `v${k + 1}`
    } else if (kind === 'filter') {
      body.push(`if (!call${k}(${value})) { dropped${k}++; continue }`)
    } else {
      body.push(`call${k}(${value}, timestamps[i])`)
    }
  })
  if (kinds.at(-1) !== 'each') {
    body.push(`at = ${EMITTING}`, `output.collect(${value}, timestamps[i])`)
  }
  const values = kinds.flatMap((kind, k) => (kind === 'map' ? [`v${k + 1}`] : []))
  const all = kinds.map((_, k) => k)
  // Values are variables of the iteration, so that V8 need not allocate what no error reads.
  return `return function fusedLoop({ values, timestamps, length }, dropped) {
  let ${all.map((k) => `dropped${k} = 0`).join(', ')}
  for (let i = 0; i < length; i++) {
    let ${['at', 'v0 = values[i]', ...values].join(', ')}
    try {
      ${body.join('\n      ')}
    } catch (error) {
      switch (at) {
        ${all.map((k) => caseText(k, inputs[k] as string)).join('\n        ')}
        default: throw error
      }
    }
  }
  ${all.map((k) => `dropped[${k}] += dropped${k}`).join('\n  ')}
}`
}

/** Handles an error of stage `k`, whose batch would have lacked what the stages before dropped. */
function caseText(k: number, value: string): string {
  const index = ['i', ...Array.from({ length: k }, (_, before) => `dropped${before}`)].join(' - ')
  const call = `stages[${k}].failed(error, ${value}, timestamps[i], ${index})`
  return `case ${k}: ${call}; dropped${k}++; break`
}
