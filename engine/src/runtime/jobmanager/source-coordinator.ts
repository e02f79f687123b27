import { ByteReader } from '../../base/byte-reader.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import type { Env } from '../../env/env.ts'
import type {
  Source,
  SplitEnumerator,
  SplitEnumeratorContext,
} from '../../operator/source/source.ts'
import type { StreamNode } from '../../plan/stream-graph.ts'
import { plainData } from '../../types/plain-data.ts'

/** How a coordinator reaches the readers of its source and its job. */
export interface SourceCoordinatorLink {
  addSplits(subtaskIndex: number, splits: readonly unknown[]): void
  signalNoMoreSplits(subtaskIndex: number): void
  fail(error: unknown): void
}

/**
 * Runs the split enumerator of one source beside the JobMaster.
 *
 * Its state is drawn when a checkpoint is triggered, before the sources are told of it. Messages to
 * a task keep their order, so a split assigned before is in the reader's snapshot, one assigned
 * after is in the enumerator's: never in both, never in none.
 */
export class SourceCoordinator {
  readonly operatorId: string
  readonly #source: Source<unknown, unknown, unknown>
  readonly #enumerator: SplitEnumerator<unknown, unknown>
  readonly #link: SourceCoordinatorLink
  #closed = false

  constructor(
    node: StreamNode,
    source: Source<unknown, unknown, unknown>,
    env: Env,
    link: SourceCoordinatorLink,
    restored: Uint8Array | undefined,
  ) {
    this.operatorId = node.operatorId
    this.#source = source
    this.#link = link
    const context: SplitEnumeratorContext<unknown> = {
      parallelism: node.parallelism,
      env,
      assignSplit: (split, subtaskIndex) => link.addSplits(subtaskIndex, [split]),
      signalNoMoreSplits: (subtaskIndex) => link.signalNoMoreSplits(subtaskIndex),
      callAsync: (work, handle) => {
        const settle = (run: () => void): void => {
          if (!this.#closed) this.#guard(run)
        }
        work().then(
          (result) => settle(() => handle(result, undefined)),
          (error) => settle(() => handle(undefined, error)),
        )
      },
    }
    this.#enumerator = source.createEnumerator(context, this.#read(restored))
    this.#guard(() => this.#enumerator.start())
    for (let subtask = 0; subtask < node.parallelism; subtask++) {
      this.#guard(() => this.#enumerator.addReader(subtask))
    }
  }

  handleSplitRequest(subtaskIndex: number): void {
    this.#guard(() => this.#enumerator.handleSplitRequest(subtaskIndex))
  }

  /** The enumerator's state as bytes. */
  snapshot(checkpointId: number): Uint8Array {
    const output = new ByteWriter()
    const type = this.#source.enumeratorStateType ?? plainData()
    type.serializer.serialize(this.#enumerator.snapshotState(checkpointId), output)
    return output.toBytes()
  }

  close(): void {
    this.#closed = true
    this.#enumerator.close()
  }

  #read(bytes: Uint8Array | undefined): unknown {
    if (bytes === undefined) return undefined
    const type = this.#source.enumeratorStateType ?? plainData()
    return type.serializer.deserialize(new ByteReader(bytes))
  }

  #guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#link.fail(error)
    }
  }
}
