package millrace.nexmark;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import millrace.digest.Digest;
import millrace.nexmark.Events.Event;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Runs queries on Flink in this JVM. Reads lines `query events` and answers each with the digest of
 * the result; ends with its input.
 */
public final class Peer {
  private static final int PARALLELISM = 2;
  private static final long CHECKPOINT_INTERVAL_MS = 1_000;

  private Peer() {}

  public static void main(String[] args) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      System.out.println(run(words[0], Long.parseLong(words[1])));
    }
  }

  private static String run(String query, long events) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setString("pipeline.object-reuse", "true");
    configuration.setString("state.backend.type", "hashmap");
    configuration.setString("execution.checkpointing.storage", MemoryStorage.class.getName());
    configuration.setString("restart-strategy.type", "none");
    configuration.setString("rest.port", "0");
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, configuration);
    env.enableCheckpointing(CHECKPOINT_INTERVAL_MS, CheckpointingMode.EXACTLY_ONCE);
    Digest.reset();
    if (query.equals("q10")) return runToFiles(env, events);
    Queries.build(query, stream(env, events));
    env.execute(query);
    return Digest.totalText();
  }

  /** Reading the files again is part of the run, as it is of ours. */
  private static String runToFiles(StreamExecutionEnvironment env, long events) throws Exception {
    Path folder = Files.createTempDirectory("nexmark-");
    try {
      Queries.q10(stream(env, events), folder);
      env.execute("q10");
      Digest.addToTotal(LogFiles.digest(folder));
      return Digest.totalText();
    } finally {
      LogFiles.remove(folder);
    }
  }

  private static DataStream<Event> stream(StreamExecutionEnvironment env, long events) {
    return env.fromSource(
            new StripeSource(events),
            WatermarkStrategy.<Long>forBoundedOutOfOrderness(Duration.ofSeconds(4))
                .withTimestampAssigner((n, timestamp) -> Generator.timeOf(n)),
            "events",
            TypeInformation.of(Long.class))
        .map(new ToEvent())
        .returns(TypeInformation.of(Event.class));
  }
}
