import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { describeValue } from './describe-value.ts'

/**
 * The TYPE_MISMATCH of the serializers. It knows the path inside the value, to which each type on
 * the way out adds its step, so nothing is spent on paths while all goes well.
 */
export class TypeMismatch extends EngineError {
  readonly path: string
  readonly problem: string

  constructor(path: string, problem: string) {
    super(ErrorCode.TYPE_MISMATCH, `value${path}: ${problem}`)
    this.path = path
    this.problem = problem
  }
}

/** The error for a `value` that is not of the type `wanted`. */
export function mismatch(wanted: string, value: unknown): TypeMismatch {
  return new TypeMismatch('', `expected ${wanted}, found ${describeValue(value)}`)
}

/** What to rethrow for an `error` met below `step` (`.field`, `[3]`); only mismatches change. */
export function atStep(error: unknown, step: string): unknown {
  return error instanceof TypeMismatch
    ? new TypeMismatch(`${step}${error.path}`, error.problem)
    : error
}

/** The step to a field, as one would write it in code. */
export function fieldStep(name: string): string {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name)
    ? `.${name}`
    : `[${JSON.stringify(name)}]`
}
