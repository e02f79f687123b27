package millrace.digest;

/** A 32-bit mixer; the same as bench/digest/mix.ts. */
public final class Mix {
  public static final int GOLDEN = 0x9e3779b9;

  private Mix() {}

  public static int mix(int word) {
    int x = word;
    x = (x ^ (x >>> 16)) * 0x7feb352d;
    x = (x ^ (x >>> 15)) * 0x846ca68b;
    return x ^ (x >>> 16);
  }
}
