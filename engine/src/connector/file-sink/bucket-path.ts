import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/**
 * The folder of a bucket below the root of the sink. Empty is the root itself.
 *
 * @throws PATH_OUTSIDE_ROOT if it is absolute or holds `..`: a bucket often comes from the data,
 *   and
 *   data must not choose where on the machine files are written.
 */
export function bucketFolder(root: string, bucket: string): string {
  if (bucket === '') return root
  const isClean = bucket
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part))
  if (!isClean) {
    throw new EngineError(
      ErrorCode.PATH_OUTSIDE_ROOT,
      `the bucket ${JSON.stringify(bucket)} is no folder below ${root}; return names separated ` +
        'by `/`, without `..`, `.`, empty names or backslashes',
    )
  }
  return `${root}/${bucket}`
}
