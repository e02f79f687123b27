/**
 * Thrown at a fault point at which a test crashes the process: it unwinds the code that runs. The
 * process is dead by then, so whatever a handler on the way still does has no effect. The simulated
 * world swallows it; nobody else should.
 */
export class SimCrash extends Error {
  readonly faultPoint: string

  constructor(processName: string, faultPoint: string) {
    super(`simulated crash of ${processName} at fault point ${faultPoint}`)
    this.name = 'SimCrash'
    this.faultPoint = faultPoint
  }
}
