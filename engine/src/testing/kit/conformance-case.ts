/** One named check of a conformance kit, to be run by any test runner. */
export interface ConformanceCase {
  /** What is promised; use it as the name of the test. */
  readonly name: string
  /**
   * Runs the check on a fresh source, sink and target.
   * @throws CONTRACT_VIOLATION if the connector breaks the promise; any other error is its own.
   */
  run(): Promise<void>
}
