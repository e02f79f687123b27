import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Transformation } from '../../plan/transformation.ts'

/**
 * Checks that all that a stream is made of ends, since a data set has no results before.
 *
 * @throws INVALID_PROGRAM naming the first source that never ends
 */
export function requireBounded(transformation: Transformation): void {
  const seen = new Set<Transformation>()
  const open = [transformation]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...next.inputs)
    if (next.body.kind === 'source' && next.body.source.boundedness === 'unbounded') {
      throw new EngineError(
        ErrorCode.INVALID_PROGRAM,
        `a data set needs input that ends, but the source '${next.name}' is unbounded, so it would ` +
          'never have a result; give the source an end (an option that makes it bounded, or a ' +
          'bounded source in its place), or use windows of the DataStream API',
      )
    }
  }
}
