import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/**
 * Compiles a glob into a test of relative paths: `*` and `?` stay within a name, `**` crosses
 * folders, `{a,b}` chooses, `[a-z]` and `[!a-z]` are character classes, `\` takes the next
 * character as it is.
 *
 * @throws INVALID_ARGUMENT if a brace or bracket is not closed.
 */
export function compileGlob(glob: string): (path: string) => boolean {
  let pattern = ''
  let braces = 0
  for (let i = 0; i < glob.length; i++) {
    const character = glob.charAt(i)
    if (character === '*') {
      if (glob.charAt(i + 1) !== '*') pattern += '[^/]*'
      else if (glob.charAt(i + 2) === '/') {
        // `**/` also stands for no folder at all.
        pattern += '(?:.*/)?'
        i += 2
      } else {
        pattern += '.*'
        i++
      }
    } else if (character === '?') pattern += '[^/]'
    else if (character === '{') {
      pattern += '(?:'
      braces++
    } else if (character === ',' && braces > 0) pattern += '|'
    else if (character === '}' && braces > 0) {
      pattern += ')'
      braces--
    } else if (character === '[') {
      const end = glob.indexOf(']', i + 2)
      if (end < 0) throw notClosed(glob, '[')
      const isNegated = glob.charAt(i + 1) === '!'
      const members = glob.slice(i + (isNegated ? 2 : 1), end).replace(/[\\\]^[]/g, '\\$&')
      pattern += `[${isNegated ? '^/' : ''}${members}]`
      i = end
    } else if (character === '\\') pattern += escaped(glob.charAt(++i))
    else pattern += escaped(character)
  }
  if (braces > 0) throw notClosed(glob, '{')
  const expression = new RegExp(`^${pattern}$`, 'su')
  return (path) => expression.test(path)
}

function escaped(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

function notClosed(glob: string, opening: string): EngineError {
  return new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `the glob ${JSON.stringify(glob)} has a ${opening} that is not closed; close it, or write ` +
      `\\${opening} for the character itself`,
  )
}
