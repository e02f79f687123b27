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
import type { CallStage, RecordStage } from '../../../operator/record-stage.ts'

/**
 * Runs a batch through all stages. Adds to `dropped[k]` how many records stage `k` did not hand on:
 * a filter kept them back, or their function threw and the policy lets the job go on.
 */
export type FusedLoop = (batch: RecordBatch, dropped: Float64Array) => void

/**
 * Makes the loop of the stages. Only the last of them may be of kind `each`, and only one of kind
 * `timestamps`; what the last one hands on goes to `output`.
 */
export function fusedLoop(stages: readonly RecordStage[], output: Output<unknown>): FusedLoop {
  const parameters: Record<string, unknown> = { output }
  stages.forEach((stage, k) => {
    parameters[`stage${k}`] = stage
    if (stage.kind === 'timestamps') parameters[`call${k}`] = stage.assigner
    else if (stage.kind !== 'pass') parameters[`call${k}`] = stage.call
  })
  return runGenerated('chain', loopText(stages), parameters) as FusedLoop
}

/** The number that `at` has while the loop emits: no stage is to blame then. */
const EMITTING = -1

function loopText(stages: readonly RecordStage[]): string {
  const body: string[] = []
  const failures: string[] = []
  // The values and times that the stages make are variables of the iteration, so that V8 need not
  // allocate what no error reads.
  const variables = ['at', 'v = values[i]', 't = timestamps[i]']
  let [value, time] = ['v', 't']
  let passed = ''
  stages.forEach((stage, k) => {
    failures.push(failureText(k, value, time))
    if (stage.kind === 'pass') return
    body.push(`at = ${k}`)
    if (stage.kind === 'map') {
      body.push(`v${k} = call${k}(${argumentsOf(stage, value, time)})`)
      value = `v${k}`
      variables.push(value)
    } else if (stage.kind === 'filter') {
      const call = `call${k}(${argumentsOf(stage, value, time)})`
      body.push(`if (!${call}) { dropped${k}++; break record }`)
    } else if (stage.kind === 'timestamps') {
      if (stage.assigner !== undefined) {
        body.push(`t${k} = call${k}(${value}, ${time})`)
        time = `t${k}`
        variables.push(time)
      }
      body.push(`if (!stage${k}.admit(${value}, ${time})) { dropped${k}++; break record }`)
      passed = `stage${k}.passed()`
    } else {
      body.push(`call${k}(${value}, ${time})`)
    }
  })
  if (stages.at(-1)?.kind !== 'each') {
    body.push(`at = ${EMITTING}`, `output.collect(${value}, ${time})`)
  }
  const all = stages.map((_, k) => k)
  return `return function fusedLoop({ values, timestamps, length }, dropped) {
  let ${all.map((k) => `dropped${k} = 0`).join(', ')}
  for (let i = 0; i < length; i++) {
    let ${variables.join(', ')}
    record: try {
      ${body.join('\n      ')}
    } catch (error) {
      switch (at) {
        ${failures.join('\n        ')}
        default: throw error
      }
    }
    ${passed}
  }
  ${all.map((k) => `dropped[${k}] += dropped${k}`).join('\n  ')}
}`
}

function argumentsOf({ takesTime }: CallStage, value: string, time: string): string {
  return takesTime === true ? `${value}, ${time}` : value
}

/** Handles an error of stage `k`, whose batch would have lacked what the stages before dropped. */
function failureText(k: number, value: string, time: string): string {
  const index = ['i', ...Array.from({ length: k }, (_, before) => `dropped${before}`)].join(' - ')
  return `case ${k}: stage${k}.failed(error, ${value}, ${time}, ${index}); dropped${k}++; break`
}
