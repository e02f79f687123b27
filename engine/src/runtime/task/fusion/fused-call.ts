import { codeGenerationAllowed } from '../../../base/generated-code.ts'
import type { Random } from '../../../env/random.ts'
import type { OneInputOperator } from '../../../operator/operator.ts'
import type { RecordStage } from '../../../operator/record-stage.ts'
import type { BatchCall } from '../batch-limit.ts'
import type { ChainLink } from '../chain-link.ts'
import { fusedLoop } from './fused-loop.ts'

/** Longer runs of stages are cut: V8 does not optimise very large functions. */
const STAGES_MAX = 16

/** True if chains may be fused here. A test may ask for the operators themselves instead. */
export function mayFuse(random: Random): boolean {
  return codeGenerationAllowed && !random.buggify('task.unfused-chain')
}

/**
 * What `first` does with a batch, in one loop with the links behind it as far as that goes. The
 * loop is made at the first batch, when all operators are open.
 */
export function fusedCall(first: ChainLink): BatchCall {
  let call: BatchCall | undefined
  return (batch) => {
    call ??= makeCall(first)
    call(batch)
  }
}

interface StageLink {
  readonly link: ChainLink
  readonly stage: RecordStage
}

function makeCall(first: ChainLink): BatchCall {
  const run = stagesFrom(first)
  const stages = run.map(({ stage }) => stage)
  if (stages[0] === undefined || stages[0].kind === 'each') {
    const operator = first.operator as OneInputOperator<unknown>
    return (batch) => operator.processBatch(batch)
  }
  const links = run.map(({ link }) => link)
  const loop = fusedLoop(stages, (links.at(-1) as ChainLink).output)
  const dropped = new Float64Array(stages.length)
  // The first link's input and the last one's output count by themselves.
  const recordsOut = links.slice(0, -1).map(({ metrics }) => metrics.counter('numRecordsOut'))
  const recordsIn = links.slice(1).map(({ metrics }) => metrics.counter('numRecordsIn'))
  return (batch) => {
    dropped.fill(0)
    for (let k = 0; k < stages.length; k++) stages[k]?.beginBatch?.()
    loop(batch, dropped)
    let left = batch.length
    for (let k = 0; k < recordsOut.length; k++) {
      left -= dropped[k] as number
      recordsOut[k]?.add(left)
      recordsIn[k]?.add(left)
    }
    for (let k = 0; k < links.length; k++) {
      stages[k]?.endBatch?.()
      links[k]?.output.flush()
    }
  }
}

/**
 * The stages that one loop can process from `first` on: each but the last hands its records to the
 * next one alone. Only the last may be of kind `each`, and only one gives timestamps.
 */
function stagesFrom(first: ChainLink): readonly StageLink[] {
  const run: StageLink[] = []
  let hasTimestamps = false
  for (let link: ChainLink | undefined = first; link !== undefined; link = link.next) {
    const stage = (link.operator as OneInputOperator<unknown>).recordStage?.()
    if (stage === undefined || run.length === STAGES_MAX) break
    if (stage.kind === 'timestamps') {
      if (hasTimestamps) break
      hasTimestamps = true
    }
    run.push({ link, stage })
    if (stage.kind === 'each') break
  }
  return run
}
