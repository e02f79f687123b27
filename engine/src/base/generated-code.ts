/** True if the platform lets code be generated; a strict content security policy does not. */
export const codeGenerationAllowed: boolean = isAllowed()

/** How many functions were named, so that no two have one name. */
let named = 0

/**
 * Runs generated code and gives what it returns. The text must be a function of the plan alone: it
 * holds no text of users, and whatever it works on comes by its parameters.
 *
 * Each call gives code of its own, even for one text: V8 would otherwise let all jobs of one shape
 * share what it has learnt of their records. The code has a name in profiles and stacks.
 *
 * @param name what the code is: `chain`, `columns`
 */
export function runGenerated(
  name: string,
  text: string,
  parameters: Readonly<Record<string, unknown>> = {},
): unknown {
  const sourceUrl = `//# sourceURL=millrace-${name}-${++named}.js`
  const names = Object.keys(parameters)
  return new Function(...names, `'use strict'\n${text}\n${sourceUrl}`)(...Object.values(parameters))
}

function isAllowed(): boolean {
  try {
    return new Function('return true')() === true
  } catch {
    return false
  }
}
