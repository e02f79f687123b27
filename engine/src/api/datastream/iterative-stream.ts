import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Iteration } from '../../operator/iterate/iteration.ts'
import { iterationTailOperator } from '../../operator/iterate/iteration-tail.ts'
import type { Transformation } from '../../plan/transformation.ts'
import { StreamBuilder, transformationOf } from './data-stream.ts'
import type { Program } from './program.ts'
import type { DataStream, IterativeStream } from './streams.ts'

/** Records the way back of a loop. */
export class LoopBuilder<T> extends StreamBuilder<T> implements IterativeStream<T> {
  readonly #iteration: Iteration<T>

  constructor(program: Program, transformation: Transformation, iteration: Iteration<T>) {
    super(program, transformation)
    this.#iteration = iteration
  }

  closeWith(feedback: DataStream<T>): DataStream<T> {
    if (this.#iteration.isClosed) {
      throw new EngineError(
        ErrorCode.INVALID_PROGRAM,
        'closeWith() was called twice on one iteration; union() what is to come back',
      )
    }
    this.#iteration.isClosed = true
    const body = {
      kind: 'one-input',
      factory: iterationTailOperator(this.#iteration) as never,
    } as const
    const tail = this.program.add('Iteration tail', body, [transformationOf(feedback)])
    tail.parallelism = this.transformation.parallelism
    return feedback
  }
}
