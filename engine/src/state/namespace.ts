/**
 * A part of a key's state that lives and dies by itself: a window. A primitive, so that it can be
 * looked up without encoding. State of no particular window uses {@link VOID_NAMESPACE}.
 */
export type Namespace = number | string

/** The namespace of state that belongs to no window. */
export const VOID_NAMESPACE: Namespace = ''
