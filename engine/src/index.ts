/** `@millrace/engine` on Node. */
export { getExecutionEnvironment } from './cluster/local/node-execution-environment.ts'
export * from './engine.ts'
export { nodeDecompressors } from './env/node/node-decompressors.ts'
