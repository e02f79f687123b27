import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import {
  type KeyedInput,
  Transformation,
  type TransformationBody,
} from '../../plan/transformation.ts'
import type { BuiltInConnectors } from './built-in-connectors.ts'
import type { StreamFactory } from './stream-factory.ts'

/** The program being built: its transformations in the order of their making. */
export class Program {
  readonly #transformations: Transformation[] = []
  readonly connectors: BuiltInConnectors
  readonly streams: StreamFactory
  /** Runs what has been built, for `executeAndCollect`. */
  readonly run: (jobName: string | undefined) => Promise<unknown>

  constructor(
    connectors: BuiltInConnectors,
    streams: (program: Program) => StreamFactory,
    run: (jobName: string | undefined) => Promise<unknown>,
  ) {
    this.connectors = connectors
    this.streams = streams(this)
    this.run = run
  }

  get transformations(): readonly Transformation[] {
    return this.#transformations
  }

  /**
   * Records a transformation.
   *
   * @throws INVALID_PROGRAM if an input is of another program, or of one that has been run
   */
  add(
    name: string,
    body: TransformationBody,
    inputs: readonly Transformation[],
    keyed?: KeyedInput,
  ): Transformation {
    for (const input of inputs) {
      if (this.#transformations[input.id - 1] !== input) throw notOfThisProgram(input)
    }
    const transformation = new Transformation(
      this.#transformations.length + 1,
      name,
      body,
      inputs,
      keyed,
    )
    this.#transformations.push(transformation)
    return transformation
  }

  /** Forgets the program after it was submitted, so that a second `execute` starts a new one. */
  clear(): void {
    this.#transformations.length = 0
  }
}

function notOfThisProgram(input: Transformation): EngineError {
  return new EngineError(
    ErrorCode.INVALID_PROGRAM,
    `'${input.name}' is no part of this program: it is of another environment, or was built before ` +
      'the environment was run, which empties it; build it again from its source',
  )
}

/** Throws INVALID_ARGUMENT unless the value is a whole number of at least 1. */
export function checkParallelism(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `${what} is ${value}; it must be a whole number of at least 1`,
  )
}
