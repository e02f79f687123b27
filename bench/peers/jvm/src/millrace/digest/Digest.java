package millrace.digest;

import static millrace.digest.Mix.GOLDEN;
import static millrace.digest.Mix.mix;

/** The digest of a result table; the same as bench/digest/multiset-digest.ts. */
public final class Digest {
  /** Of the job that runs in this JVM. */
  private static Digest total = new Digest();

  private long rows;
  private int low;
  private int high;

  public void add(int word) {
    rows++;
    low += word;
    high += mix(word ^ GOLDEN);
  }

  public void remove(int word) {
    rows--;
    low -= word;
    high -= mix(word ^ GOLDEN);
  }

  public static synchronized void reset() {
    total = new Digest();
  }

  public static synchronized void addToTotal(Digest part) {
    total.rows += part.rows;
    total.low += part.low;
    total.high += part.high;
  }

  public static synchronized String totalText() {
    return String.format("%d-%08x%08x", total.rows, total.high, total.low);
  }
}
