package millrace.nexmark;

import java.io.Serializable;
import millrace.digest.Digest;
import millrace.digest.RowHash;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Adds every result to the digest and drops it. */
final class DigestSink<T> implements Sink<T> {
  /** Adds a result to a digest. */
  interface Adder<T> extends Serializable {
    void add(T result, Digest digest, RowHash hash);
  }

  /** Adds the fields of a row to a hash. */
  interface Hasher<T> extends Serializable {
    RowHash hash(T row, RowHash hash);
  }

  private final Adder<T> adder;

  private DigestSink(Adder<T> adder) {
    this.adder = adder;
  }

  /** For rows that stay as they are. */
  static <T> DigestSink<T> ofRows(Hasher<T> hasher) {
    return new DigestSink<>(
        (row, digest, hash) -> digest.add(hasher.hash(row, hash.begin()).word()));
  }

  /** For rows that are replaced. */
  static <T> DigestSink<Change<T>> ofChanges(Hasher<T> hasher) {
    return new DigestSink<>(
        (change, digest, hash) -> {
          if (change.before != null) {
            digest.remove(hasher.hash(change.before, hash.begin()).word());
          }
          digest.add(hasher.hash(change.after, hash.begin()).word());
        });
  }

  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) {
    Digest digest = new Digest();
    RowHash hash = new RowHash();
    return new SinkWriter<>() {
      @Override
      public void write(T result, Context ignored) {
        adder.add(result, digest, hash);
      }

      @Override
      public void flush(boolean endOfInput) {}

      @Override
      public void close() {
        Digest.addToTotal(digest);
      }
    };
  }
}
