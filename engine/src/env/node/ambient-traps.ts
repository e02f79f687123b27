/// <reference types="node" />
import { AsyncLocalStorage } from 'node:async_hooks'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** Set while simulated code runs, and for every promise continuation that comes of it. */
const simulated = new AsyncLocalStorage<true>()
let userCount = 0
let restore: () => void = () => {}

/**
 * Runs `run`; what it calls, also later and through promises, may not use time, randomness or
 * timers that no seed decides: such a call throws `ASSERTION`. Works between {@link installTraps}
 * and its undo; code outside of `run` notices nothing.
 */
export function withoutAmbient<T>(run: () => T): T {
  return simulated.run(true, run)
}

/** Puts traps on the ambient functions, until the returned function is called. */
export function installTraps(): () => void {
  if (userCount++ === 0) restore = replaceAll()
  let isInstalled = true
  return () => {
    if (!isInstalled) return
    isInstalled = false
    if (--userCount === 0) restore()
  }
}

function replaceAll(): () => void {
  const global = globalThis as unknown as Owner
  const undos = [
    trapCall(Date as unknown as Owner, 'now', 'Date.now', 'env.clock'),
    trapCall(Math as unknown as Owner, 'random', 'Math.random', 'env.random'),
    trapCall(global, 'setTimeout', 'setTimeout', 'env.timers'),
    trapCall(global, 'setInterval', 'setInterval', 'env.timers'),
    trapCall(global, 'setImmediate', 'setImmediate', 'env.executor'),
    trapConstructor(global, 'WeakRef'),
    trapConstructor(global, 'FinalizationRegistry'),
  ]
  return () => {
    for (const undo of undos) undo()
  }
}

type Owner = Record<string, unknown>
// biome-ignore lint/complexity/noBannedTypes: any function may be replaced.
type AnyFunction = Function

function trapCall(owner: Owner, key: string, name: string, instead: string): () => void {
  const original = owner[key] as AnyFunction
  const trap = new Proxy(original, {
    apply(target, self, values) {
      refuse(name, instead)
      return Reflect.apply(target, self, values)
    },
  })
  return replace(owner, key, trap)
}

function trapConstructor(owner: Owner, key: string): () => void {
  const trap = new Proxy(owner[key] as AnyFunction, {
    construct(target, values, newTarget) {
      refuse(`new ${key}`, 'an explicit end of life')
      return Reflect.construct(target, values, newTarget)
    },
  })
  return replace(owner, key, trap)
}

function replace(owner: Owner, key: string, value: unknown): () => void {
  const original = owner[key]
  owner[key] = value
  return () => {
    // Somebody may have replaced it once more since; that is theirs to undo.
    if (owner[key] === value) owner[key] = original
  }
}

function refuse(name: string, instead: string): void {
  if (simulated.getStore() === undefined) return
  const message = `${name} was used in a simulated world, where no seed decides it; use ${instead}`
  throw new EngineError(ErrorCode.ASSERTION, message)
}
