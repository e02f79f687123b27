import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** The error of the old `split` and `select`, with the way to side outputs. */
export function splitError(method: 'split' | 'select'): EngineError {
  return new EngineError(
    ErrorCode.INVALID_PROGRAM,
    `${method}() is not supported: Flink replaced it by side outputs. To migrate, make a tag with ` +
      "outputTag('name') for each part, emit with ctx.output(tag, record) in process(...), and read " +
      'the part with getSideOutput(tag); for parts that any record decides by itself, a filter(...) ' +
      'per part does too',
  )
}
