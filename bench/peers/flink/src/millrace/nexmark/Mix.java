package millrace.nexmark;

/** The draws of the generator; see bench/nexmark/generator/draws.ts. */
final class Mix {
  static final int GOLDEN = 0x9e3779b9;

  private Mix() {}

  static int mix(int word) {
    int x = word;
    x = (x ^ (x >>> 16)) * 0x7feb352d;
    x = (x ^ (x >>> 15)) * 0x846ca68b;
    return x ^ (x >>> 16);
  }

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
