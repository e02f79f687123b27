/** A client of something outside of the job, such as a pool of connections to a database. */
export interface ResourceOptions<R> {
  /** Tells resources of a job apart; those who share one use the same name. */
  readonly name: string
  /**
   * Who uses one resource together. `subtask`: each has its own. `task-manager`: all subtasks of
   * the job on one TaskManager, so in one process. Default `subtask`.
   */
  readonly sharing?: 'subtask' | 'task-manager'
  /** Opens the resource. If it throws or rejects, everybody who waits for it gets the error. */
  readonly open: () => R | Promise<R>
  /** Closes it when nobody uses it any more. Not called if `open` failed. */
  readonly close: (resource: R) => void | Promise<void>
}

/** The right to use a resource until it is released. */
export interface ResourceLease<R> {
  /** The resource, once it is open. Rejects with the error of `open`; acquire again to retry. */
  readonly resource: Promise<R>
  /**
   * 1 if this lease is the one that counts an open resource, else 0: summed over all leases it is
   * the number of open resources.
   */
  readonly openCount: number
  /** Gives the resource back; the last one to do so closes it. Called at the end of the task. */
  release(): void
}

/**
 * The resources of one TaskManager. A shared one is opened by the first who acquires it and closed
 * when the last has released it; whoever comes after that opens a new one. At no time are two open
 * under one name, but for one that is still closing.
 */
export class SharedResources {
  readonly #warn: (message: string) => void
  /** The shared ones that may be acquired, by job and name. */
  readonly #shared = new Map<string, CountedResource<unknown>>()

  /** @param warn is told when a resource fails to close, which nobody waits for */
  constructor(warn: (message: string) => void) {
    this.#warn = warn
  }

  /** @param jobId jobs never share, whatever they call their resources */
  acquire<R>(jobId: string, options: ResourceOptions<R>): ResourceLease<R> {
    if (options.sharing !== 'task-manager') {
      return new CountedResource(options, this.#warn, () => {}).lease()
    }
    const key = JSON.stringify([jobId, options.name])
    const present = this.#shared.get(key) as CountedResource<R> | undefined
    if (present !== undefined) return present.lease()
    const forget = (): void => {
      if (this.#shared.get(key) === resource) this.#shared.delete(key)
    }
    const resource = new CountedResource(options, this.#warn, forget)
    this.#shared.set(key, resource as CountedResource<unknown>)
    return resource.lease()
  }
}

/** A resource and those who use it. */
class CountedResource<R> {
  readonly #options: ResourceOptions<R>
  readonly #warn: (message: string) => void
  readonly #forget: () => void
  readonly #resource: Promise<R>
  readonly #leases = new Set<object>()
  #isOpen = false

  /** @param forget called when nobody may acquire it any more: it failed, or is being closed */
  constructor(options: ResourceOptions<R>, warn: (message: string) => void, forget: () => void) {
    this.#options = options
    this.#warn = warn
    this.#forget = forget
    this.#resource = new Promise((resolve) => resolve(options.open()))
    // Comes before whoever waits for the resource, so that a retry finds it gone.
    this.#resource.then(
      () => {
        this.#isOpen = true
      },
      () => forget(),
    )
  }

  lease(): ResourceLease<R> {
    const countOf = (lease: object): number => {
      const [first] = this.#leases
      return this.#isOpen && first === lease ? 1 : 0
    }
    const lease: ResourceLease<R> = {
      resource: this.#resource,
      get openCount() {
        return countOf(lease)
      },
      release: () => this.#release(lease),
    }
    this.#leases.add(lease)
    return lease
  }

  #release(lease: object): void {
    if (!this.#leases.delete(lease) || this.#leases.size > 0) return
    this.#forget()
    const { name, close } = this.#options
    this.#resource.then(
      async (resource) => {
        try {
          await close(resource)
        } catch (error) {
          this.#warn(`the resource '${name}' could not be closed: ${error}`)
        }
      },
      () => {},
    )
  }
}
