package millrace.nexmark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceEnumerator;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceReader;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The numbers of the events; every reader has the stripes of 1,000 of its turn. */
final class StripeSource
    implements Source<Long, StripeSource.Stripes, Collection<StripeSource.Stripes>> {
  private static final int STRIPE = 1_000;

  private final long events;

  StripeSource(long events) {
    this.events = events;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SourceReader<Long, Stripes> createReader(SourceReaderContext context) {
    return new IteratorSourceReader<Long, Numbers, Stripes>(context);
  }

  @Override
  public SplitEnumerator<Stripes, Collection<Stripes>> createEnumerator(
      SplitEnumeratorContext<Stripes> context) {
    int count = context.currentParallelism();
    List<Stripes> splits = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      splits.add(new Stripes(index, count, (long) index * STRIPE + 1, events));
    }
    return new IteratorSourceEnumerator<>(context, splits);
  }

  @Override
  public SplitEnumerator<Stripes, Collection<Stripes>> restoreEnumerator(
      SplitEnumeratorContext<Stripes> context, Collection<Stripes> splits) {
    return new IteratorSourceEnumerator<>(context, splits);
  }

  @Override
  public SimpleVersionedSerializer<Stripes> getSplitSerializer() {
    return new StripesSerializer();
  }

  @Override
  public SimpleVersionedSerializer<Collection<Stripes>> getEnumeratorCheckpointSerializer() {
    return new CollectionSerializer();
  }

  /** A share of the stream, from its next event on. */
  record Stripes(int index, int count, long next, long events)
      implements IteratorSourceSplit<Long, Numbers> {
    @Override
    public String splitId() {
      return Integer.toString(index);
    }

    @Override
    public Numbers getIterator() {
      return new Numbers(this);
    }

    @Override
    public Stripes getUpdatedSplitForIterator(Numbers numbers) {
      return new Stripes(index, count, numbers.next, events);
    }
  }

  /** The numbers of a share, in order. */
  static final class Numbers implements Iterator<Long> {
    private final Stripes share;
    private long next;

    Numbers(Stripes share) {
      this.share = share;
      next = share.next();
    }

    @Override
    public boolean hasNext() {
      return next <= share.events();
    }

    @Override
    public Long next() {
      if (!hasNext()) throw new NoSuchElementException();
      long n = next;
      next = n % STRIPE == 0 ? n + 1 + (long) (share.count() - 1) * STRIPE : n + 1;
      return n;
    }
  }

  private static final class StripesSerializer implements SimpleVersionedSerializer<Stripes> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Stripes split) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      write(split, new DataOutputStream(bytes));
      return bytes.toByteArray();
    }

    @Override
    public Stripes deserialize(int version, byte[] bytes) throws IOException {
      return read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    static void write(Stripes split, DataOutputStream out) throws IOException {
      out.writeInt(split.index);
      out.writeInt(split.count);
      out.writeLong(split.next);
      out.writeLong(split.events);
    }

    static Stripes read(DataInputStream in) throws IOException {
      return new Stripes(in.readInt(), in.readInt(), in.readLong(), in.readLong());
    }
  }

  private static final class CollectionSerializer
      implements SimpleVersionedSerializer<Collection<Stripes>> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Collection<Stripes> splits) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeInt(splits.size());
      for (Stripes split : splits) StripesSerializer.write(split, out);
      return bytes.toByteArray();
    }

    @Override
    public Collection<Stripes> deserialize(int version, byte[] bytes) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      List<Stripes> splits = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) splits.add(StripesSerializer.read(in));
      return splits;
    }
  }
}
