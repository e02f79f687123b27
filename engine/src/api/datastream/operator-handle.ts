import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Transformation } from '../../plan/transformation.ts'
import type { OperatorSettings } from './operator-settings.ts'
import { checkParallelism } from './program.ts'

/** Carries out {@link OperatorSettings} on a transformation. */
export class OperatorHandle implements OperatorSettings {
  readonly transformation: Transformation

  constructor(transformation: Transformation) {
    this.transformation = transformation
  }

  name(name: string): this {
    this.#operator('name').name = name
    return this
  }

  setDescription(description: string): this {
    this.#operator('setDescription').description = description
    return this
  }

  uid(uid: string): this {
    if (uid === '') throw new EngineError(ErrorCode.INVALID_ARGUMENT, 'a uid must not be empty')
    this.#operator('uid').uid = uid
    return this
  }

  setParallelism(parallelism: number): this {
    this.#operator('setParallelism').parallelism = checkParallelism('parallelism', parallelism)
    return this
  }

  setMaxParallelism(maxParallelism: number): this {
    this.#operator('setMaxParallelism').maxParallelism = checkParallelism(
      'max parallelism',
      maxParallelism,
    )
    return this
  }

  slotSharingGroup(group: string): this {
    this.#operator('slotSharingGroup').slotSharingGroup = group
    return this
  }

  startNewChain(): this {
    this.#operator('startNewChain').chaining = 'head'
    return this
  }

  disableChaining(): this {
    this.#operator('disableChaining').chaining = 'never'
    return this
  }

  /** The transformation, if it has an operator at run time. */
  #operator(setting: string): Transformation {
    const { kind } = this.transformation.body
    if (kind !== 'union' && kind !== 'partition' && kind !== 'side-output') {
      return this.transformation
    }
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `${setting}() was called on a ${kind}, which has no operator of its own; call it on the operator ` +
        'before or after',
    )
  }
}
