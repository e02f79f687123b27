import { expect, it } from 'vitest'
import { TodoError, todo } from './todo.ts'

it('names what is to be written', () => {
  expect(() => todo('merge two watermarks')).toThrow(TodoError)
  expect(() => todo('merge two watermarks')).toThrow('merge two watermarks')
})

it('can be told from other errors by its text', () => {
  expect(String(new TodoError('x'))).toBe('TodoError: x')
})
