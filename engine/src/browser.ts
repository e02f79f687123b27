/** `@millrace/engine` in a browser: the same API, without Node. */
export { getExecutionEnvironment } from './cluster/local/web-execution-environment.ts'
export * from './engine.ts'
