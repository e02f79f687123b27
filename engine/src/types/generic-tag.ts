/**
 * The first byte of a value in the generic format, by its kind. Numbers are part of the format:
 * never reuse one.
 */
export const GenericTag = {
  UNDEFINED: 0,
  NULL: 1,
  FALSE: 2,
  TRUE: 3,
  INT: 4,
  DOUBLE: 5,
  BIGINT: 6,
  STRING: 7,
  DATE: 8,
  BYTES: 9,
  ARRAY: 10,
  OBJECT: 11,
  MAP: 12,
  SET: 13,
  CUSTOM: 14,
} as const
