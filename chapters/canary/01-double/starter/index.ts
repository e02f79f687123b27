import { todo } from '#kit'

/** Returns twice the number. */
export function double(value: number): number {
  return todo(`double ${value}`)
}
