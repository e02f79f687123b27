import type { TypeSerializer } from '../type-serializer.ts'

/** The lines of a function while it is generated. */
export class CodeText {
  /** The serializers that the code calls, as its parameters `leaf0`, `leaf1`, ... */
  readonly leaves: TypeSerializer<unknown>[] = []
  readonly #lines: string[] = []
  #variables = 0

  get body(): string {
    return this.#lines.join('\n')
  }

  add(...lines: readonly string[]): void {
    this.#lines.push(...lines)
  }

  /** A name that no other variable has. */
  variable(): string {
    return `v${this.#variables++}`
  }

  /** A new constant of that value. */
  constant(expression: string): string {
    const name = this.variable()
    this.add(`const ${name} = ${expression}`)
    return name
  }

  /** The name of a serializer. */
  leaf(serializer: TypeSerializer<unknown>): string {
    this.leaves.push(serializer)
    return `leaf${this.leaves.length - 1}`
  }
}
