import type { StateHandle } from '../../../state/checkpoint/checkpoint-metadata.ts'
import type {
  CheckpointStorage,
  TaskStorage,
} from '../../../state/checkpoint/checkpoint-storage.ts'
import type { StateSection } from '../../../state/state-section.ts'
import { fromPlainError, toPlainError } from './plain-error.ts'
import type { StorageReply, StorageRequest } from './thread-messages.ts'

/**
 * The checkpoint storage as the tasks of a thread see it: the main thread has the real one. State
 * is copied once on its way; the main thread, which has little else to do, writes the files.
 */
export class RemoteCheckpointStorage implements TaskStorage {
  readonly #ask: (id: number, request: StorageRequest) => void
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>()
  #nextId = 0

  /** @param ask sends a request; its answer goes to {@link RemoteCheckpointStorage.answer} */
  constructor(ask: (id: number, request: StorageRequest) => void) {
    this.#ask = ask
  }

  writeSubtaskState(
    checkpointId: number,
    operatorId: string,
    subtaskIndex: number,
    sections: readonly StateSection[],
  ): Promise<StateHandle> {
    const write = { method: 'write', checkpointId, operatorId, subtaskIndex, sections } as const
    return this.#request(write) as Promise<StateHandle>
  }

  async readSections(
    handle: StateHandle,
    filter: Parameters<TaskStorage['readSections']>[1],
  ): Promise<StateSection[]> {
    const sections = (await this.#request({ method: 'read', handle })) as readonly StateSection[]
    return sections.filter(filter)
  }

  async discard(checkpointId: number): Promise<void> {
    await this.#request({ method: 'discard', checkpointId })
  }

  /** The main thread answered. */
  answer(id: number, reply: StorageReply): void {
    const open = this.#open.get(id)
    this.#open.delete(id)
    if (reply.kind === 'done') open?.resolve(reply.value)
    else open?.reject(fromPlainError(reply.error))
  }

  #request(request: StorageRequest): Promise<unknown> {
    const id = this.#nextId++
    const open = Promise.withResolvers<unknown>()
    this.#open.set(id, open)
    this.#ask(id, request)
    return open.promise
  }
}

/** Carries a request out, in the main thread. */
export async function answerStorageRequest(
  storage: CheckpointStorage,
  request: StorageRequest,
): Promise<StorageReply> {
  try {
    return { kind: 'done', value: await carryOut(storage, request) }
  } catch (error) {
    return { kind: 'failed', error: toPlainError(error) }
  }
}

function carryOut(storage: CheckpointStorage, request: StorageRequest): Promise<unknown> {
  switch (request.method) {
    case 'write': {
      const { checkpointId, operatorId, subtaskIndex, sections } = request
      return storage.writeSubtaskState(checkpointId, operatorId, subtaskIndex, sections)
    }
    case 'read':
      return storage.readSections(request.handle, () => true)
    case 'discard':
      return storage.discard(request.checkpointId)
  }
}
