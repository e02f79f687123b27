import { fieldStep, TypeMismatch } from './type-mismatch.ts'

/**
 * True for names that plain data may not have as fields: they reach the prototype when careless
 * code copies an object. Declare a row type where data really has a field `constructor`.
 */
export function isUnsafeField(name: string): boolean {
  return name === '__proto__' || name === 'constructor'
}

/**
 * Refuses a field that could be written but would be refused when it is read.
 * @throws TYPE_MISMATCH if {@link isUnsafeField} holds.
 */
export function refuseUnsafeField(name: string): void {
  if (!isUnsafeField(name)) return
  throw new TypeMismatch(
    fieldStep(name),
    'a field of this name is not safe in plain data; rename it or declare a row type',
  )
}
