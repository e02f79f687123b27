/**
 * Alerts by rules that change while the job runs. Every subtask holds all rules in broadcast state
 * and applies them to its sensors: a rule alerts when so many readings in a row exceed its limit.
 */
import {
  type Collector,
  collectionSource,
  type DataStream,
  datagenSource,
  getExecutionEnvironment,
  type KeyedBroadcastContext,
  type KeyedBroadcastProcessFunction,
  type KeyedReadOnlyBroadcastContext,
  type MapState,
  mapState,
  type RuntimeContext,
  rateLimited,
  types,
} from '@millrace/engine'

export type Reading = { readonly sensor: string; readonly celsius: number }
export type Rule = { readonly above: number; readonly inARow: number }
/** A new rule, a change of one, or its end. */
export type RuleUpdate = { readonly ruleId: string; readonly rule: Rule | null }
export type Alert = Reading & { readonly ruleId: string }

export function alerts(
  readings: DataStream<Reading>,
  updates: DataStream<RuleUpdate>,
): DataStream<Alert> {
  return readings
    .keyBy(({ sensor }) => sensor, types.string)
    .connect(updates.broadcast(RULES))
    .process(new RuleAlerts())
    .uid('rule-alerts')
}

const rule = types.row({ above: types.number, inARow: types.int })
const RULES = mapState<string, Rule>('rules', { keyType: types.string, type: rule })
/** How many readings of a sensor in a row were above the limit of each rule. */
const HITS = mapState<string, number>('hits', { keyType: types.string, type: types.int })
type Context = KeyedReadOnlyBroadcastContext<string>

class RuleAlerts implements KeyedBroadcastProcessFunction<string, Reading, RuleUpdate, Alert> {
  private hits!: MapState<string, number>

  open(context: RuntimeContext): void {
    this.hits = context.getMapState(HITS)
  }

  processElement(reading: Reading, ctx: Context, out: Collector<Alert>): void {
    for (const [ruleId, { above, inARow }] of ctx.getBroadcastState(RULES).entries()) {
      const hits = reading.celsius > above ? (this.hits.get(ruleId) ?? 0) + 1 : 0
      this.hits.put(ruleId, hits)
      if (hits === inARow) out.collect({ ...reading, ruleId })
    }
  }

  processBroadcastElement({ ruleId, rule }: RuleUpdate, ctx: KeyedBroadcastContext<string>): void {
    const rules = ctx.getBroadcastState(RULES)
    if (rule === null) rules.remove(ruleId)
    else rules.put(ruleId, rule)
    ctx.applyToKeyedState(HITS, (_sensor, hits) => hits.remove(ruleId)) // they count anew
  }
}

if (import.meta.main) {
  const updates = [{ above: 60, inARow: 2 }, { above: 30, inARow: 5 }, null].map((rule) => {
    return { ruleId: 'hot', rule }
  })
  const generate = (i: number) => ({ sensor: `s${i % 3}`, celsius: (i * i) % 97 })
  const env = getExecutionEnvironment()
  const rules = env.fromSource(rateLimited(collectionSource(updates), 1)).uid('rules')
  const readings = env.fromSource(datagenSource({ generate, ratePerSecond: 20, count: 60 }))
  rules.print('rule')
  alerts(readings.uid('readings'), rules).print('alert')
  await env.execute('rule-updates')
}
