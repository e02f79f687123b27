package millrace.nexmark;

import static millrace.digest.Mix.GOLDEN;
import static millrace.digest.Mix.mix;

/** The draws of the generator; see bench/nexmark/generator/draws.ts. */
final class Draws {
  private Draws() {}

  static int wordOfStream(int word, int index) {
    return mix(word + (index + 1) * GOLDEN);
  }

  static int below(int word, long count) {
    return (int) ((Integer.toUnsignedLong(word) * count) >>> 32);
  }

  static int belowByHigh(int word, int count) {
    return ((word >>> 16) * count) >>> 16;
  }

  static int belowByLow(int word, int count) {
    return ((word & 0xffff) * count) >>> 16;
  }
}
