/** Files that a rule spares, with the reason. `files` matches the path in the repository. */
export interface StyleException {
  readonly files: RegExp
  readonly reason: string
}

/** Who may have a default export. */
export const DEFAULT_EXPORTS: readonly StyleException[] = [
  { files: /\.config\.ts$/, reason: 'vitest, tsdown and Docusaurus read the default export' },
  { files: /^site\/src\/(pages|theme)\//, reason: 'Docusaurus renders the default export' },
]

/** Who may be longer than the limit: pure lists of data only. */
export const LONG_FILES: readonly StyleException[] = []

/** Whether a rule spares a file. */
export function isExcepted(exceptions: readonly StyleException[], file: string): boolean {
  return exceptions.some(({ files }) => files.test(file))
}
