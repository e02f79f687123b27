import { MAX_WATERMARK_MS, type WatermarkMerger } from '#kit'

/** One call of a merger. */
export type ChannelCall =
  | { readonly kind: 'watermark'; readonly channel: number; readonly watermarkMs: number }
  | { readonly kind: 'idle' | 'active' | 'finished'; readonly channel: number }

/** Replays calls and collects what each one returns. */
export function replay(
  merger: WatermarkMerger,
  calls: readonly ChannelCall[],
): readonly (number | undefined)[] {
  return calls.map((call) => apply(merger, call))
}

function apply(merger: WatermarkMerger, call: ChannelCall): number | undefined {
  switch (call.kind) {
    case 'watermark':
      return merger.onWatermark(call.channel, call.watermarkMs)
    case 'idle':
      return merger.onIdle(call.channel)
    case 'active':
      return merger.onActive(call.channel)
    case 'finished':
      return merger.onFinished(call.channel)
  }
}

/** What the contract says each call returns, worked out from all calls up to it. */
export function specified(
  channelCount: number,
  calls: readonly ChannelCall[],
): readonly (number | undefined)[] {
  const returned: (number | undefined)[] = []
  let combinedMs = Number.NEGATIVE_INFINITY
  for (let end = 1; end <= calls.length; end++) {
    const allowedMs = allowed(channelCount, calls.slice(0, end), combinedMs)
    returned.push(allowedMs > combinedMs ? allowedMs : undefined)
    combinedMs = Math.max(combinedMs, allowedMs)
  }
  return returned
}

function allowed(channelCount: number, calls: readonly ChannelCall[], combinedMs: number): number {
  const statuses: string[] = []
  const watermarks: number[] = []
  for (let channel = 0; channel < channelCount; channel++) {
    let status = 'active'
    let watermarkMs = Number.NEGATIVE_INFINITY
    for (const call of calls.filter((each) => each.channel === channel)) {
      if (status === 'finished') break
      if (call.kind !== 'watermark') status = call.kind
      else if (status === 'active') watermarkMs = Math.max(watermarkMs, call.watermarkMs)
    }
    statuses.push(status)
    watermarks.push(watermarkMs)
  }
  if (statuses.every((status) => status === 'finished')) return MAX_WATERMARK_MS
  if (!statuses.includes('active')) return Math.max(...watermarks)
  const counting = watermarks.filter(
    (watermarkMs, channel) => statuses[channel] === 'active' && watermarkMs >= combinedMs,
  )
  return counting.length === 0 ? combinedMs : Math.min(...counting)
}
