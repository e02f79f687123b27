import { timestampsOnly } from '../operator/time/timestamps-only.ts'
import type { StreamNodeBody } from './stream-graph.ts'

/** What a node does in BATCH: no watermarks before the last, final results only. */
export function bodyInBatch(body: StreamNodeBody): StreamNodeBody {
  if (body.kind === 'source') {
    return { ...body, watermarkStrategy: timestampsOnly(body.watermarkStrategy) }
  }
  if (body.kind === 'one-input' && body.batchFactory !== undefined) {
    return { kind: 'one-input', factory: body.batchFactory }
  }
  return body
}
