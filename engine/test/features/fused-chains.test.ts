import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type DataStream,
  DEAD_LETTERS,
  type DeadLetter,
  perSubtask,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
  type WatermarkStrategy,
  watermarks,
} from '../../src/index.ts'
import { record } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { runInSim } from './run-in-sim.ts'

/** An operator of a random chain. Its function throws at every number with that rest. */
interface Step {
  readonly kind: 'map' | 'filter' | 'flatMap' | 'process' | 'timestamps'
  readonly factor: number
  readonly badRest: number | undefined
}

/** An operator on the stream keyed by the rest of its numbers, ahead of the others. */
interface KeyedStep {
  readonly kind: 'reduce' | 'map' | 'filter'
  readonly badRest: number | undefined
}

interface Chain {
  readonly keyed: KeyedStep | undefined
  readonly steps: readonly Step[]
  readonly policy: 'fail' | 'skip' | 'dead-letter'
  readonly recordCount: number
  /** The sink throws at every number with that rest. */
  readonly sinkBadRest: number | undefined
  /** What the source does with its records; undefined for nothing. */
  readonly sourceFactor: number | undefined
}

const MODULUS = 17

const badRest = fc.option(fc.nat(MODULUS - 1), { nil: undefined, freq: 2 })

const step = fc.record<Step>({
  kind: fc.constantFrom('map', 'filter', 'map', 'filter', 'flatMap', 'process', 'timestamps'),
  factor: fc.integer({ min: 2, max: 5 }),
  badRest,
})

const keyedStep = fc.record<KeyedStep>({
  kind: fc.constantFrom('reduce', 'map', 'filter'),
  badRest,
})

const chains: fc.Arbitrary<Chain> = fc
  .record<Chain>({
    keyed: fc.option(keyedStep, { nil: undefined }),
    steps: fc.array(step, { minLength: 1, maxLength: 20, size: 'max' }),
    policy: fc.constantFrom('fail', 'skip', 'dead-letter'),
    recordCount: fc.constantFrom(0, 1, 30, 1_024, 2_500),
    sinkBadRest: badRest,
    sourceFactor: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
  })
  .map((chain) => {
    if (chain.policy !== 'fail') return chain
    // Of two operators that throw within a batch either may come first: only one of them throws.
    let isBad = chain.keyed?.badRest !== undefined
    const steps = chain.steps.map((one) => {
      if (isBad) return { ...one, badRest: undefined }
      isBad = one.badRest !== undefined
      return one
    })
    return { ...chain, steps, sinkBadRest: isBad ? undefined : chain.sinkBadRest }
  })

function checked(n: number, badRest: number | undefined): number {
  if (n % MODULUS === badRest) throw new Error(`${n} is bad`)
  return n
}

/** Adds to each number how many of its key came before. */
class Counting {
  #badRest: number | undefined
  #count: ValueState<number> | undefined

  constructor(badRest: number | undefined) {
    this.#badRest = badRest
  }

  open(context: RuntimeContext): void {
    this.#count = context.getState(valueState('count', { type: types.int, initialValue: 0 }))
  }

  map(n: number): number {
    const before = this.#count?.value() ?? 0
    this.#count?.update(before + 1)
    return checked(n, this.#badRest) + before
  }

  filter(n: number): boolean {
    return this.map(n) % 3 !== 0
  }
}

function withKey(stream: DataStream<number>, { kind, badRest }: KeyedStep): DataStream<number> {
  const keyed = stream.keyBy((n) => (n % 10 === 9 ? checked(n, badRest) : n % 5))
  const counting = perSubtask(() => new Counting(badRest))
  if (kind === 'reduce') return keyed.reduce((left, right) => left + checked(right, badRest))
  return kind === 'map' ? keyed.map(counting) : keyed.filter(counting)
}

/** Watermarks that follow from the records alone, up to a jump that is too long. */
function strategy(factor: number, f: (n: number) => number): WatermarkStrategy<number> {
  return watermarks
    .boundedOutOfOrderness<number>(factor)
    .emitEvery(factor)
    .withMaxForwardJump(1_000, { reference: 'event-time' })
    .withTimestampAssigner((n, atMs) => f(n) + (Number.isNaN(atMs) ? 0 : atMs % 100))
}

/** A watermark ends a batch between operators, but not within a loop. */
function withoutPosition({ steps, sourceFactor }: Chain, message?: string): string | undefined {
  const hasWatermarks = sourceFactor !== undefined || steps.some((s) => s.kind === 'timestamps')
  return hasWatermarks ? message?.replace(/record \d+ of its batch/, 'a record') : message
}

/** Everything that can be seen of a run of the chain. */
async function run(chain: Chain, points: readonly string[]): Promise<unknown> {
  const faults = { buggify: { enabledProbability: 0, always: points } }
  const numbers = Array.from({ length: chain.recordCount }, (_, n) => record(n, n * 10))
  const sink = new (class extends ArraySink<number> {
    override createWriter(): ReturnType<ArraySink<number>['createWriter']> {
      const writer = super.createWriter()
      const write = (n: number, atMs: number) => writer.write(checked(n, chain.sinkBadRest), atMs)
      return { ...writer, write }
    }
  })()
  const letters = new ArraySink<DeadLetter>()
  return runInSim(
    async (env) => {
      const { sourceFactor } = chain
      let stream: DataStream<number> = env.fromSource(
        scriptedSource([numbers]),
        sourceFactor === undefined ? watermarks.none() : strategy(sourceFactor, (n) => n),
      )
      if (chain.keyed !== undefined) {
        stream = withKey(stream, chain.keyed).name('keyed')
        stream.getSideOutput(DEAD_LETTERS).sinkTo(letters)
      }
      for (const [index, { kind, factor, badRest }] of chain.steps.entries()) {
        const f = (n: number): number => checked(n, badRest)
        const next = {
          map: () => stream.map((n) => f(n) * factor + index),
          filter: () => stream.filter((n) => f(n) % factor !== 0),
          flatMap: () =>
            stream.flatMap<number>((n, out) => {
              if (n % factor === 0) out.collect(n + 1)
              out.collect(f(n))
            }),
          process: () =>
            stream.process<number>({
              processElement: (n, ctx, out) => {
                const watermarkMs = ctx.timerService.currentWatermark()
                out.collect(f(n) + ((ctx.timestamp() ?? 0) % 7) + (watermarkMs % 5))
              },
            }),
          timestamps: () => stream.assignTimestampsAndWatermarks(strategy(factor, f)),
        }[kind]()
        next.getSideOutput(DEAD_LETTERS).sinkTo(letters)
        stream = next.name(`step-${index}`)
      }
      stream.sinkTo(sink).name('sink')
      const client = await env.executeAsync('chain')
      const error = await client.result().then(
        () => undefined,
        (failure: Error) => String(failure.cause ?? failure),
      )
      const metrics = client.metrics().map(({ operatorName, values }) => {
        const { busyTimeMs: _, ...rest } = values
        return [operatorName, rest]
      })
      const sortedLetters = letters.records.map((letter) => JSON.stringify(letter)).sort()
      // What a failed run counted and wrote until then depends on who came first.
      return (
        withoutPosition(chain, error) ?? { records: sink.timed, letters: sortedLetters, metrics }
      )
    },
    { 'pipeline.record-error-policy': chain.policy, 'restart-strategy.type': 'none' },
    { faults },
  )
}

test('(ARC-15) a fused chain does what its operators do, errors and counts included', {
  timeout: 60_000,
}, async () => {
  const property = fc.asyncProperty(chains, async (chain) => {
    const fused = await run(chain, [])
    expect(fused).toEqual(await run(chain, ['task.unfused-chain']))
    expect(await run(chain, ['task.seven-record-batches'])).toEqual(
      await run(chain, ['task.unfused-chain', 'task.seven-record-batches']),
    )
  })
  await fc.assert(property, { seed: 1, numRuns: 50 })
})
