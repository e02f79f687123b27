import type { TextBytes } from '../../base/text-bytes.ts'
import { TypeRegistry } from '../../types/type-registry.ts'
import type { ChannelReceiver, ChannelSender } from '../network/channel.ts'
import type { Doorbell, RingWaiter } from '../network/ring/doorbell.ts'
import type { RingChannelEnd } from '../network/ring/ring-channel.ts'
import { RingReceiver } from '../network/ring/ring-receiver.ts'
import { RingSender } from '../network/ring/ring-sender.ts'
import { channelKey, type TaskDeployment } from '../rpc/gateways.ts'
import type { ChannelPlace } from './channel-registry.ts'

/** What channels to other threads need of this one. */
export interface ThreadChannels {
  /** Wakes this thread. */
  readonly doorbell: Doorbell
  readonly text: TextBytes
}

/** The ends, in this thread, of the channels from and to other threads. */
export class RingChannels {
  readonly #threads: ThreadChannels | undefined
  readonly #waiters: RingWaiter[] = []
  #attempt = 0

  /** @param threads undefined if all tasks of the job are in this isolate */
  constructor(threads: ThreadChannels | undefined) {
    this.#threads = threads
  }

  /** The sending end; undefined if the receiver is in this thread. */
  sender(deployment: TaskDeployment, place: ChannelPlace): ChannelSender | undefined {
    const end = this.#endOf(deployment, place)
    return end && this.#keep(new RingSender(end))
  }

  /** The receiving end; undefined if the sender is in this thread. */
  receiver(deployment: TaskDeployment, place: ChannelPlace): ChannelReceiver | undefined {
    const end = this.#endOf(deployment, place)
    return end && this.#keep(new RingReceiver(end))
  }

  /** A task of `attempt` is deployed: what ends of attempts before wait for comes no more. */
  begin(attempt: number): void {
    if (attempt === this.#attempt) return
    this.#attempt = attempt
    for (const waiter of this.#waiters) this.#threads?.doorbell.forget(waiter)
    this.#waiters.length = 0
  }

  #endOf(
    { rings, configuration }: TaskDeployment,
    { edge, sourceSubtask, targetSubtask }: ChannelPlace,
  ): RingChannelEnd | undefined {
    const location = rings?.get(channelKey(edge.id, sourceSubtask, targetSubtask))
    if (location === undefined || this.#threads === undefined) return undefined
    const registry = configuration.typeRegistry ?? new TypeRegistry()
    return { ...location, ...this.#threads, registry }
  }

  #keep<W extends RingWaiter>(end: W): W {
    this.#waiters.push(end)
    return end
  }
}
