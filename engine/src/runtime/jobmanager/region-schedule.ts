import type { PipelinedRegion } from '../../plan/pipelined-regions.ts'

/**
 * The region that runs next: the first whose input is complete. Regions run one at a time, so that
 * a job needs no more slots than its largest region, and a failure concerns one region alone.
 * @param finished positions of the regions that have finished
 * @returns its position; undefined if all have finished
 */
export function nextRegion(
  regions: readonly PipelinedRegion[],
  finished: ReadonlySet<number>,
): number | undefined {
  const next = regions.findIndex(({ readsFrom }, index) => {
    return !finished.has(index) && readsFrom.every((source) => finished.has(source))
  })
  return next === -1 ? undefined : next
}
