/**
 * How deep data may nest where no declared type bounds it. Hostile bytes and cyclic values would
 * otherwise exhaust the call stack.
 */
export const MAX_NESTING_DEPTH = 256
