package millrace.keyedwindow;

/** A digest of rows that does not depend on their order; the same as bench/digest. */
final class Digest {
  private static final int GOLDEN = 0x9e3779b9;
  private static final int SPREAD = 0x7feb352d;
  private static final int SPREAD_HIGH = 0x846ca68b;

  /** Of the job that runs in this JVM. */
  private static Digest total = new Digest();

  private long rows;
  private int low;
  private int high;

  static int mix(int word) {
    int x = word;
    x = (x ^ (x >>> 16)) * SPREAD;
    x = (x ^ (x >>> 15)) * SPREAD_HIGH;
    return x ^ (x >>> 16);
  }

  /** Adds a row of three whole numbers. */
  void addRow(long first, long second, long third) {
    int word = mix(added(added(added(0, first), second), third));
    rows++;
    low += word;
    high += mix(word ^ GOLDEN);
  }

  private static int added(int word, long field) {
    int bits = (int) field ^ ((int) (field >>> 32) * SPREAD_HIGH);
    int product = ((word + GOLDEN) ^ bits) * SPREAD;
    return product ^ (product >>> 15);
  }

  static synchronized void reset() {
    total = new Digest();
  }

  static synchronized void addToTotal(Digest part) {
    total.rows += part.rows;
    total.low += part.low;
    total.high += part.high;
  }

  static synchronized String totalText() {
    return String.format("%d-%08x%08x", total.rows, total.high, total.low);
  }
}
