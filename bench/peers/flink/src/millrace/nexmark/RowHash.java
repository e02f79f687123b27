package millrace.nexmark;

import static millrace.nexmark.Mix.GOLDEN;
import static millrace.nexmark.Mix.mix;

/** The hash of a row; the same as bench/digest/row-hash.ts. */
final class RowHash {
  private int word;

  RowHash begin() {
    word = 0;
    return this;
  }

  RowHash number(long value) {
    word = mix(mix((word + GOLDEN) ^ (int) value) + (int) (value >> 32));
    return this;
  }

  RowHash text(String value) {
    int length = value.length();
    int next = (word + GOLDEN) ^ length;
    for (int sample = 0; sample < 4 && sample < length; sample++) {
      next = next * 31 + value.charAt(sample * (length - 1) / 3);
    }
    word = mix(next);
    return this;
  }

  int word() {
    return word;
  }
}
