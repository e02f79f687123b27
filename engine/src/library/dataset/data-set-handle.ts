import type { OperatorSettings } from '../../api/datastream/operator-settings.ts'

/** Carries out {@link OperatorSettings} on the operator, or the two, that a data set comes from. */
export class DataSetHandle<S extends OperatorSettings> implements OperatorSettings {
  protected readonly stream: S
  /** The first of two steps, which works in all subtasks. */
  readonly #combined: OperatorSettings | undefined

  constructor(stream: S, combined?: OperatorSettings) {
    this.stream = stream
    this.#combined = combined
  }

  name(name: string): this {
    this.#combined?.name(`${name} (combine)`)
    this.stream.name(name)
    return this
  }

  setDescription(description: string): this {
    this.stream.setDescription(description)
    return this
  }

  uid(uid: string): this {
    this.stream.uid(uid)
    this.#combined?.uid(`${uid}-combine`)
    return this
  }

  setParallelism(parallelism: number): this {
    const parallel = this.#combined ?? this.stream
    parallel.setParallelism(parallelism)
    return this
  }

  setMaxParallelism(maxParallelism: number): this {
    const parallel = this.#combined ?? this.stream
    parallel.setMaxParallelism(maxParallelism)
    return this
  }

  slotSharingGroup(group: string): this {
    this.#combined?.slotSharingGroup(group)
    this.stream.slotSharingGroup(group)
    return this
  }

  startNewChain(): this {
    const first = this.#combined ?? this.stream
    first.startNewChain()
    return this
  }

  disableChaining(): this {
    this.#combined?.disableChaining()
    this.stream.disableChaining()
    return this
  }
}
