package millrace.digest;

import static millrace.digest.Mix.GOLDEN;
import static millrace.digest.Mix.mix;

/** The hash of a row; the same as bench/digest/row-hash.ts. */
public final class RowHash {
  private static final int SPREAD = 0x7feb352d;
  private static final int SPREAD_HIGH = 0x846ca68b;

  private int word;

  public RowHash begin() {
    word = 0;
    return this;
  }

  public RowHash number(long value) {
    word = added(word, (int) value ^ (int) (value >> 32) * SPREAD_HIGH);
    return this;
  }

  public RowHash text(String value) {
    int last = value.length() - 1;
    int next = added(word, last);
    if (last >= 0) {
      next = added(next, value.charAt(0) | value.charAt(last / 3) << 16);
      next = added(next, value.charAt(2 * last / 3) | value.charAt(last) << 16);
    }
    word = next;
    return this;
  }

  public int word() {
    return mix(word);
  }

  private static int added(int word, int bits) {
    int product = ((word + GOLDEN) ^ bits) * SPREAD;
    return product ^ (product >>> 15);
  }
}
