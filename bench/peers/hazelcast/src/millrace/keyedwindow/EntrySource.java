package millrace.keyedwindow;

import com.hazelcast.jet.Traverser;
import com.hazelcast.jet.core.AbstractProcessor;
import com.hazelcast.jet.core.BroadcastKey;
import com.hazelcast.jet.core.EventTimeMapper;
import com.hazelcast.jet.core.EventTimePolicy;
import com.hazelcast.jet.core.ProcessorMetaSupplier;
import com.hazelcast.jet.pipeline.Sources;
import com.hazelcast.jet.pipeline.StreamSource;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes every n-th entry with its event time, so that all processors are at the same time. */
final class EntrySource extends AbstractProcessor {
  /** How many snapshots were taken in this job. */
  static final AtomicInteger SNAPSHOTS = new AtomicInteger();

  private static final int BATCH = 1_024;

  private final EventTimeMapper<Entry> times;
  private final long records;
  private final Traverser<Object> batch;
  private int index;
  private int parallelism;
  /** The number of the next entry. */
  private long next;
  /** Where the batch ends. */
  private long end;

  private EntrySource(EventTimePolicy<? super Entry> policy, long records) {
    times = new EventTimeMapper<>(policy);
    times.addPartitions(1);
    this.records = records;
    Traverser<Long> numbers = this::nextNumber;
    batch = numbers.flatMap(n -> times.flatMapEvent(Entry.at(n), 0, Entry.timeOf(n)));
  }

  static StreamSource<Entry> of(long records) {
    return Sources.streamFromProcessorWithWatermarks(
        "entries",
        true,
        policy -> ProcessorMetaSupplier.of(Peer.PARALLELISM, () -> new EntrySource(policy, records)));
  }

  @Override
  protected void init(Context context) {
    index = context.globalProcessorIndex();
    parallelism = context.totalParallelism();
    next = index;
  }

  @Override
  public boolean complete() {
    if (!emitFromTraverser(batch)) return false;
    end = Math.min(records, next + (long) BATCH * parallelism);
    return next >= records;
  }

  private Long nextNumber() {
    if (next >= end) return null;
    long number = next;
    next += parallelism;
    return number;
  }

  @Override
  public boolean saveToSnapshot() {
    // What was taken from the batch is not in the snapshot, so it has to be ahead of it.
    if (!emitFromTraverser(batch)) return false;
    if (!tryEmitToSnapshot(BroadcastKey.broadcastKey(index), next)) return false;
    if (index == 0) SNAPSHOTS.incrementAndGet();
    return true;
  }

  @Override
  protected void restoreFromSnapshot(Object key, Object value) {
    if (((BroadcastKey<?>) key).key().equals(index)) next = (Long) value;
  }
}
