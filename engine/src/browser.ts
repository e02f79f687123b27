/** `@millrace/engine` in a browser: the same API, without Node. */
/** @public */
export { getExecutionEnvironment } from './cluster/local/web-execution-environment.ts'
export * from './engine.ts'
