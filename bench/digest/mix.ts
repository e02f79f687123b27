// Short for V8, which makes one piece of code of a loop and all it calls only up to some length.
const { imul } = Math

/** A 32-bit mixer: each bit of the argument changes half of the bits of the outcome. */
export function mix(word: number): number {
  return mixSigned(word) >>> 0
}

/** As {@link mix}, as a signed number, which V8 never has to box. */
export function mixSigned(word: number): number {
  let x = word | 0
  x = imul(x ^ (x >>> 16), 0x7feb352d)
  x = imul(x ^ (x >>> 15), 0x846ca68b)
  return x ^ (x >>> 16)
}
