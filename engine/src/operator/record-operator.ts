import type { RecordBatch } from '../core/record-batch.ts'
import { GuardedOutput } from './guarded-output.ts'
import type { OneInputOperator } from './operator.ts'
import { OperatorBase } from './operator-base.ts'
import type { OperatorContext } from './operator-context.ts'
import { functionError, handleRecordError } from './record-error.ts'
import type { RecordStage } from './record-stage.ts'

/**
 * The record-wise base of operators with one input: a subclass writes only `processRecord`. What it
 * throws is handled by the record error policy; what fails downstream passes through unchanged.
 */
export abstract class RecordOperator<IN, OUT>
  extends OperatorBase<OUT>
  implements OneInputOperator<IN>
{
  /** The same object as `output`; tells failures downstream from those of user code. */
  protected guard!: GuardedOutput<OUT>

  override setup(context: OperatorContext): void {
    super.setup(context)
    this.guard = new GuardedOutput<OUT>(context.output)
    this.output = this.guard
  }

  /** Processes one record. `timestampMs` is `NaN` for a record without event time. */
  protected abstract processRecord(value: IN, timestampMs: number): void

  processBatch(batch: RecordBatch<IN>): void {
    const { values, timestamps, length } = batch
    let i = 0
    while (i < length) {
      try {
        for (; i < length; i++) this.processRecord(values[i] as IN, timestamps[i] as number)
      } catch (error) {
        this.guard.throwIfFailed()
        handleRecordError(this.context, error, values[i], timestamps[i] as number, i)
        i++
      }
    }
    this.guard.throwIfFailed()
  }

  endInput(): void {}

  /** For a subclass that lets the runtime call its `processRecord`: what its stage has besides. */
  protected eachStage(call: (value: never, timestampMs: number) => void): RecordStage {
    return {
      kind: 'each',
      call,
      failed: (...failure) => {
        this.guard.throwIfFailed()
        handleRecordError(this.context, ...failure)
      },
      endBatch: () => this.guard.throwIfFailed(),
    }
  }

  /**
   * Runs user code outside of any record: what it throws fails the task, what fails downstream
   * passes through unchanged.
   * @param where what was being done, for the message
   */
  protected callUser(where: string, run: () => void): void {
    try {
      run()
    } catch (error) {
      this.guard.throwIfFailed()
      throw functionError(this.context, where, error)
    }
    this.guard.throwIfFailed()
  }
}
