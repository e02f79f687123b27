/**
 * `@millrace/engine/dataset`: Flink's DataSet operators over bounded streams. A data set is a
 * stream that ends, and what is computed over all of it or over a group comes at its end. Built on
 * the DataStream API; it knows nothing of how jobs run.
 */

/** @public */
export { dataSet } from './data-set.ts'
/** @public */
export type {
  CoGroupedDataSets,
  DataSet,
  DataSetOperands,
  DataSetOperandsWhere,
  GroupedDataSet,
  KeyField,
  PairedDataSets,
  SortedGroupedDataSet,
} from './data-sets.ts'
