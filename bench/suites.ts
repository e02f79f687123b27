import { windowedCount } from './macro/windowed-count.ts'
import { micro } from './micro/micro.ts'
import { nexmark } from './nexmark/nexmark-suite.ts'
import type { Suite } from './runner/suite.ts'

/** All suites by name. */
export const SUITES: ReadonlyMap<string, Suite> = new Map(
  [micro, windowedCount, nexmark].map((suite) => [suite.name, suite]),
)
