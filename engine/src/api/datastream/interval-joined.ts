import type { OutputTag } from '../../core/output-tag.ts'
import type { KeySelector } from '../../operator/function/functions.ts'
import { intervalJoinOperator } from '../../operator/join/interval-join.ts'
import type { ProcessJoin } from '../../operator/join/process-join-function.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { Program } from './program.ts'
import { type KeyedSide, keyOfBoth } from './stream-factory.ts'
import type { DataStream, IntervalJoin, IntervalJoined } from './streams.ts'

interface IntervalSettings<L, R> {
  readonly lowerMs: number
  readonly upperMs: number
  readonly isLowerExclusive: boolean
  readonly isUpperExclusive: boolean
  readonly leftLateTag?: OutputTag<L>
  readonly rightLateTag?: OutputTag<R>
  readonly leftType?: TypeInformation<L>
  readonly rightType?: TypeInformation<R>
}

/** Two keyed streams of one program, to be joined by time. */
export class IntervalJoinPair<L, R> implements IntervalJoin<L, R> {
  readonly #program: Program
  readonly #left: KeyedSide
  readonly #right: KeyedSide

  constructor(program: Program, left: KeyedSide, right: KeyedSide) {
    this.#program = program
    this.#left = left
    this.#right = right
  }

  between(lowerMs: number, upperMs: number): IntervalJoined<L, R> {
    return new IntervalJoinBuilder<L, R>(this.#program, this.#left, this.#right, {
      lowerMs,
      upperMs,
      isLowerExclusive: false,
      isUpperExclusive: false,
    })
  }
}

/** Records an interval join. Immutable. */
class IntervalJoinBuilder<L, R> implements IntervalJoined<L, R> {
  readonly #program: Program
  readonly #left: KeyedSide
  readonly #right: KeyedSide
  readonly #settings: IntervalSettings<L, R>

  constructor(
    program: Program,
    left: KeyedSide,
    right: KeyedSide,
    settings: IntervalSettings<L, R>,
  ) {
    this.#program = program
    this.#left = left
    this.#right = right
    this.#settings = settings
  }

  lowerBoundExclusive(): IntervalJoined<L, R> {
    return this.#with({ isLowerExclusive: true })
  }

  upperBoundExclusive(): IntervalJoined<L, R> {
    return this.#with({ isUpperExclusive: true })
  }

  sideOutputLeftLateData(tag: OutputTag<L>): IntervalJoined<L, R> {
    return this.#with({ leftLateTag: tag })
  }

  sideOutputRightLateData(tag: OutputTag<R>): IntervalJoined<L, R> {
    return this.#with({ rightLateTag: tag })
  }

  types(left: TypeInformation<L>, right: TypeInformation<R>): IntervalJoined<L, R> {
    return this.#with({ leftType: left, rightType: right })
  }

  process<OUT>(fn: ProcessJoin<L, R, OUT>): DataStream<OUT> {
    const { lowerMs, upperMs, isLowerExclusive, isUpperExclusive, ...rest } = this.#settings
    const factory = intervalJoinOperator<unknown, L, R, OUT>({
      keys: [
        this.#left.keyed.keySelector as unknown as KeySelector<L, unknown>,
        this.#right.keyed.keySelector as unknown as KeySelector<R, unknown>,
      ],
      lowerMs: isLowerExclusive ? lowerMs + 1 : lowerMs,
      upperMs: isUpperExclusive ? upperMs - 1 : upperMs,
      fn,
      ...rest,
    })
    const body = { kind: 'two-input', factory: factory as never } as const
    const inputs = [this.#left.transformation, this.#right.transformation]
    return this.#program.streams.stream(
      this.#program.add('Interval Join', body, inputs, keyOfBoth(this.#left, this.#right)),
    )
  }

  #with(change: Partial<IntervalSettings<L, R>>): IntervalJoined<L, R> {
    return new IntervalJoinBuilder<L, R>(this.#program, this.#left, this.#right, {
      ...this.#settings,
      ...change,
    })
  }
}
