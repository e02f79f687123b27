import { MAX_WATERMARK_MS, type WatermarkMerger } from '#kit'

interface Channel {
  status: 'active' | 'idle' | 'finished'
  watermarkMs: number
}

/** Combines the watermarks of input channels; the contract stands in the starter. */
export function createMerger(channelCount: number): WatermarkMerger {
  const channels: Channel[] = Array.from({ length: channelCount }, () => ({
    status: 'active',
    watermarkMs: Number.NEGATIVE_INFINITY,
  }))
  let combinedMs = Number.NEGATIVE_INFINITY

  /** Raises the combined watermark to what the channels allow now. */
  function advance(): number | undefined {
    const open = channels.filter(({ status }) => status !== 'finished')
    const active = open.filter(({ status }) => status === 'active')
    let candidateMs: number
    if (open.length === 0) candidateMs = MAX_WATERMARK_MS
    else if (active.length === 0) candidateMs = Math.max(...channels.map((c) => c.watermarkMs))
    else {
      // A channel behind the combined watermark has resumed late: it does not count yet.
      const counting = active.filter(({ watermarkMs }) => watermarkMs >= combinedMs)
      if (counting.length === 0) return undefined
      candidateMs = Math.min(...counting.map((channel) => channel.watermarkMs))
    }
    if (candidateMs <= combinedMs) return undefined
    combinedMs = candidateMs
    return combinedMs
  }

  function setStatus(channel: number, status: Channel['status']): number | undefined {
    const state = channels[channel]!
    if (state.status !== 'finished') state.status = status
    return advance()
  }

  return {
    onWatermark(channel, watermarkMs) {
      const state = channels[channel]!
      if (state.status !== 'active' || watermarkMs <= state.watermarkMs) return undefined
      state.watermarkMs = watermarkMs
      return advance()
    },
    onIdle: (channel) => setStatus(channel, 'idle'),
    onActive: (channel) => setStatus(channel, 'active'),
    onFinished: (channel) => setStatus(channel, 'finished'),
  }
}
