package millrace.keyedwindow;

import static millrace.digest.Mix.mix;

/** The input: each entry is a function of its number; see bench/macro/keyed-window. */
record Entry(int key, int value) {
  private static final int KEYS = 10_000;
  private static final long ENTRIES_PER_MS = 1_000;

  static Entry at(long number) {
    int word = mix((int) number);
    return new Entry(Integer.remainderUnsigned(word, KEYS), word >>> 24);
  }

  /** The event time of an entry, which never goes back. */
  static long timeOf(long number) {
    return number / ENTRIES_PER_MS;
  }
}
