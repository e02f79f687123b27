/** `@millrace/engine` on Node. */
/** @public */
export { loadConfigFile } from './cluster/local/load-config-file.ts'
/** @public */
export { getExecutionEnvironment } from './cluster/local/node-execution-environment.ts'
export * from './engine.ts'
/** @experimental */
export { nodeCompressors } from './env/node/node-compressors.ts'
/** @experimental */
export { nodeDecompressors } from './env/node/node-decompressors.ts'
