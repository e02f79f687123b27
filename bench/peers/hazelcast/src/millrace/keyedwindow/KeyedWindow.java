package millrace.keyedwindow;

import com.hazelcast.jet.aggregate.AggregateOperations;
import com.hazelcast.jet.datamodel.KeyedWindowResult;
import com.hazelcast.jet.pipeline.Pipeline;
import com.hazelcast.jet.pipeline.Sink;
import com.hazelcast.jet.pipeline.SinkBuilder;
import com.hazelcast.jet.pipeline.WindowDefinition;
import millrace.digest.Digest;
import millrace.digest.RowHash;

/** The job: sums of the values by key and tumbling window of event time. */
final class KeyedWindow {
  private static final long WINDOW_MS = 1_000;

  private KeyedWindow() {}

  static Pipeline pipeline(long records) {
    Pipeline pipeline = Pipeline.create();
    pipeline
        .readFrom(EntrySource.of(records))
        .withNativeTimestamps(0)
        .setLocalParallelism(Peer.PARALLELISM)
        .groupingKey(Entry::key)
        .window(WindowDefinition.tumbling(WINDOW_MS))
        .aggregate(AggregateOperations.summingLong(Entry::value))
        .setLocalParallelism(Peer.PARALLELISM)
        .writeTo(digestSink());
    return pipeline;
  }

  /** Adds every sum to the digest and drops it. */
  private static Sink<KeyedWindowResult<Integer, Long>> digestSink() {
    return SinkBuilder.sinkBuilder("digest", context -> new Digest())
        .<KeyedWindowResult<Integer, Long>>receiveFn(
            (digest, sum) ->
                digest.add(
                    new RowHash()
                        .begin()
                        .number(sum.key())
                        .number(sum.start())
                        .number(sum.result())
                        .word()))
        .destroyFn(Digest::addToTotal)
        .preferredLocalParallelism(Peer.PARALLELISM)
        .build();
  }
}
