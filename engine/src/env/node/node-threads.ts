/// <reference types="node" />
import { pathToFileURL } from 'node:url'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import type { ParentLink, Thread, ThreadHost, ThreadOptions } from '../threads.ts'
import { nodeTextBytes } from './node-text-bytes.ts'

/** Marks the data of the threads that the engine starts; other workers are none of its business. */
const MARK = 'millrace-thread'

interface MarkedData {
  readonly mark: string
  readonly startData: unknown
}

/** The jobs of this process, whichever environment has run them. */
let jobCount = 0

/** Worker threads of Node. */
export function nodeThreads(): ThreadHost {
  const data = markedData(workerData)
  return {
    text: nodeTextBytes,
    mainModule: process.argv[1] === undefined ? undefined : pathToFileURL(process.argv[1]).href,
    programArguments: process.argv.slice(2),
    countJob: () => jobCount++,
    start,
    parent: data === undefined ? undefined : parentLink(),
    startData: data?.startData,
  }
}

function start(options: ThreadOptions): Thread {
  const { module, programArguments, heapMebibytes, startData } = options
  const worker = new Worker(new URL(module), {
    argv: [...programArguments],
    ...(heapMebibytes && { resourceLimits: { maxOldGenerationSizeMb: heapMebibytes } }),
    workerData: { mark: MARK, startData } satisfies MarkedData,
  })
  let failure: unknown
  worker.on('error', (error) => {
    failure = error
  })
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (take) => void worker.on('message', take),
    onExit: (ended) => void worker.once('exit', () => ended(failure)),
    terminate: async () => void (await worker.terminate()),
  }
}

function markedData(data: unknown): MarkedData | undefined {
  const marked = data as Partial<MarkedData> | null
  return marked?.mark === MARK ? (marked as MarkedData) : undefined
}

function parentLink(): ParentLink | undefined {
  const port = parentPort
  if (port === null) return undefined
  return {
    post: (message) => port.postMessage(message),
    onMessage: (take) => void port.on('message', take),
    release: () => {
      port.unref()
      // The program still waits for its job: Node would warn of a promise that nobody resolves.
      process.once('beforeExit', () => process.exit(0))
    },
  }
}
