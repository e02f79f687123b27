import { randomUUID } from 'node:crypto'
import type { BenchmarkResult, LatencyMs, Sample, Verification } from './benchmark-result.ts'
import { sampleInChild } from './child-sample.ts'
import { type CodeVersion, codeVersion } from './code-version.ts'
import { describeMachine } from './machine.ts'
import { makeResult, type ResultParts } from './make-result.ts'
import { measure, warmUp } from './measure.ts'
import type { Program, ProgramSize } from './program.ts'
import { chosen, failures, type OnFailure } from './repeat.ts'
import { takeGroups } from './sample-groups.ts'
import { median } from './statistics.ts'
import {
  type ChildReport,
  type Floor,
  type RunOptions,
  type Suite,
  type SuiteOutcome,
  WrongOutput,
} from './suite.ts'

const FULL = { repeats: 5, warmUpRuns: 6 }
const QUICK = { repeats: 1, warmUpRuns: 1 }

/** Two runs of a warm-up that differ by less than this are steady. */
const WARM_UP_TOLERANCE = 0.05

/** Stands for all peers that are installed. */
export const ALL_PEERS = 'all'

type Reports = ReadonlyMap<string, readonly ChildReport[]>

/** The child process that checks an output is asked for with this before the case. */
const VERIFY = 'verify:'

/** What a suite of programs is made of. */
export interface ProgramSuiteDefinition {
  readonly name: string
  readonly about: string
  readonly programs: readonly Program[]
  /** Programs of other engines, and why some of them are not here, told a line each. */
  readonly peersOf?: (
    peers: readonly string[],
    progress: (line: string) => void,
  ) => readonly Program[]
  /** What the results must reach; only full runs are asked. */
  readonly floorsOf: (results: readonly BenchmarkResult[]) => readonly Floor[]
}

/**
 * A suite of whole programs. Each sample is one program in a process of its own: warm-up, one
 * measured run. The programs of a group take turns, and their outputs must be equal.
 */
export function programSuite(definition: ProgramSuiteDefinition): Suite {
  const { name, about } = definition
  /** The programs that are warm in this process. */
  const warm = new Set<string>()
  return {
    name,
    about,
    compared: definition.programs
      .filter(({ engineVersion }) => engineVersion === undefined)
      .map(({ name: program, unit }) => ({
        sample: program,
        case: program,
        betterIs: unit === 'ms' ? 'lower' : 'higher',
      })),
    run: (options) => runPrograms(definition, options),
    sample: (program, quick) => sampleProgram(definition, program, { quick, warm }),
  }
}

async function sampleProgram(
  { name: suite, programs, peersOf }: ProgramSuiteDefinition,
  asked: string,
  { quick, warm }: { readonly quick: boolean; readonly warm: Set<string> },
): Promise<ChildReport> {
  const name = asked.replace(VERIFY, '')
  const isAsked = (program: Program): boolean => program.name === name
  const program = programs.find(isAsked) ?? peersOf?.([ALL_PEERS], () => {}).find(isAsked)
  if (program === undefined) throw new Error(`suite ${suite} has no program '${name}'`)
  if (name !== asked) {
    const verification = await program.verify?.(quick)
    return { samples: {}, outputs: {}, facts: {}, ...(verification && { verification }) }
  }
  const { records, warmUpRecords } = sizeOf(program, quick)
  if (!warm.has(name)) {
    const maxRuns = (quick ? QUICK : FULL).warmUpRuns
    const minMs = quick ? 0 : (program.warmUpMs ?? 0)
    const limits = { tolerance: WARM_UP_TOLERANCE, maxRuns, minMs }
    await warmUp(() => program.run(warmUpRecords), limits)
    warm.add(name)
  }
  const { sample, outcome } = await measure(async () => {
    const run = await program.run(records)
    return { records: run.records ?? records, outcome: run }
  })
  const { output, facts = {}, latencyMs } = outcome
  const value = outcome.value ?? latencyMs?.p99 ?? sample.value
  return {
    samples: { [name]: { ...sample, value } },
    outputs: output === null ? {} : { [name]: output },
    facts,
    ...(latencyMs && { latencies: { [name]: latencyMs } }),
  }
}

async function runPrograms(
  { name: suite, programs, peersOf, floorsOf }: ProgramSuiteDefinition,
  { quick, repeats, progress, only, peers, signal, keep }: RunOptions,
): Promise<SuiteOutcome> {
  // What is measured is what is here now, whatever becomes of the working tree meanwhile.
  const run = {
    startedAt: new Date().toISOString(),
    runId: randomUUID(),
    version: codeVersion(),
    machine: describeMachine(),
  }
  const all = [...programs, ...(peersOf?.(peers, progress) ?? [])]
  const names = chosen(
    all.map(({ name }) => name),
    only,
  )
  const asked = all.filter(({ name }) => names.includes(name))
  const { failed, onFailure } = failures(progress)
  const options = { quick, progress, signal, onFailure }
  const verifications = await verifyAll(suite, asked, options)
  const used = asked.filter(({ name }) => !failed.includes(name))
  const resultsOf = (reports: Reports, onWrong: OnFailure): readonly BenchmarkResult[] =>
    used.flatMap((program) => {
      const taken = reports.get(program.name) ?? []
      if (taken.length === 0) return []
      try {
        const verification = verificationOf(program, used, reports, verifications)
        return [resultOf(program, taken, { suite, ...run, verification, quick })]
      } catch (error) {
        if (!(error instanceof WrongOutput)) throw error
        onWrong(program.name, error)
        return []
      }
    })
  const reports = await takeGroups(suite, used, {
    ...options,
    repeats: repeats ?? (quick ? QUICK : FULL).repeats,
    // A wrong output is told once, at the end.
    onTaken: (taken) => keep?.(resultsOf(taken, () => {})),
  })
  const results = resultsOf(reports, onFailure)
  return { results, floors: quick || signal.aborted ? [] : floorsOf(results), failed }
}

interface CheckOptions extends Pick<RunOptions, 'quick' | 'progress' | 'signal'> {
  readonly onFailure: OnFailure
}

/** Checks outputs before anything is measured. A program of a wrong one has failed. */
async function verifyAll(
  suite: string,
  programs: readonly Program[],
  { quick, progress, signal, onFailure }: CheckOptions,
): Promise<ReadonlyMap<string, Verification>> {
  const verifications = new Map<string, Verification>()
  for (const { name, verify } of programs) {
    if (verify === undefined || signal.aborted) continue
    const report = await sampleInChild(suite, `${VERIFY}${name}`, quick).catch((error: unknown) => {
      if (!signal.aborted) onFailure(name, error)
    })
    const verification = report?.verification
    if (verification === undefined) continue
    if (verification.status === 'FAILED') {
      onFailure(name, new WrongOutput(`FAILED: not equal to ${verification.reference}`))
      continue
    }
    progress(`${name}: ${verification.status}, ${verification.reference}`)
    verifications.set(name, verification)
  }
  return verifications
}

/**
 * How far the output of a program is known to be right.
 *
 * @throws WrongOutput if programs of a group, or runs of a program, gave different outputs
 */
export function verificationOf(
  program: Program,
  programs: readonly Program[],
  reports: Reports,
  verifications: ReadonlyMap<string, Verification>,
): Verification {
  const groupOf = ({ group, name }: Program): string => group ?? name
  const group = programs.filter((one) => groupOf(one) === groupOf(program))
  const outputs = new Map<string, string>()
  for (const { name } of group) {
    for (const report of reports.get(name) ?? []) {
      for (const output of Object.values(report.outputs)) outputs.set(output, name)
    }
  }
  if (outputs.size > 1) {
    const differing = [...outputs].map(([output, name]) => `${name} ${output}`)
    throw new WrongOutput(`FAILED: the outputs differ: ${differing.join(', ')}`)
  }
  const [outputHash = null] = outputs.keys()
  const others = group.filter(({ name }) => name !== program.name && reports.get(name)?.length)
  const known = verifications.get(program.name)
  if (known !== undefined) return { ...known, outputHash }
  if (outputHash === null) {
    return { status: 'not-applicable', outputHash, reference: 'no output to compare' }
  }
  const reference = others.map(({ engine }) => engine).join(', ')
  if (reference !== '') return { status: 'equal', outputHash, reference }
  return { status: 'invariants', outputHash, reference: 'the other runs of the program' }
}

/** What a result is made of besides program and samples. */
type RunParts = Pick<ResultParts, 'suite' | 'startedAt' | 'runId' | 'machine' | 'verification'> & {
  readonly version: CodeVersion
  readonly quick: boolean
}

function resultOf(
  program: Program,
  reports: readonly ChildReport[],
  { quick, version, ...parts }: RunParts,
): BenchmarkResult {
  const { name, engine, engineVersion, settings, notes = [], unit = 'records/s' } = program
  const isOwn = engineVersion === undefined
  const facts = reports.flatMap((report) => Object.entries(report.facts))
  const factNames = [...new Set(facts.map(([fact]) => fact))]
  const factNotes = factNames.map((fact) => {
    const values = facts.filter(([other]) => other === fact).map(([, value]) => value)
    return `${fact}: ${values.join(', ')}`
  })
  const latencies = reports.flatMap(({ latencies }) => latencies?.[name] ?? [])
  return makeResult({
    ...parts,
    ...(isOwn ? version : { engineVersion, commit: null, dirty: false }),
    case: name,
    engine,
    parameters: { ...sizeOf(program, quick), quick },
    settings,
    unit,
    samples: reports.map(({ samples }) => samples[name] as Sample),
    notes: [...notes, ...factNotes],
    latencyMs: latencies.length === 0 ? null : medianLatency(latencies),
  })
}

/** The median of each percentile over all samples. */
function medianLatency(latencies: readonly LatencyMs[]): LatencyMs {
  const of = (field: keyof LatencyMs): number => median(latencies.map((one) => one[field]))
  return {
    p50: of('p50'),
    p90: of('p90'),
    p99: of('p99'),
    p999: of('p999'),
    p9999: of('p9999'),
    max: of('max'),
    count: of('count'),
  }
}

function sizeOf({ full, quick }: Program, isQuick: boolean): ProgramSize {
  return isQuick ? quick : full
}
