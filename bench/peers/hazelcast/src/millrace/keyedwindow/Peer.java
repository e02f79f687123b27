package millrace.keyedwindow;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.jet.JetService;
import com.hazelcast.jet.config.JobConfig;
import com.hazelcast.jet.config.ProcessingGuarantee;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import millrace.digest.Digest;

/**
 * Runs the keyed window job on Hazelcast Jet in this JVM, on one member. Reads lines with a number
 * of records and answers each with the digest of the sums and how many snapshots were taken; ends
 * with its input.
 */
public final class Peer {
  static final int PARALLELISM = 2;
  private static final long SNAPSHOT_INTERVAL_MS = 1_000;

  private Peer() {}

  public static void main(String[] args) throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    HazelcastInstance member = Hazelcast.newHazelcastInstance(configuration());
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(run(member.getJet(), Long.parseLong(line)));
    }
    member.shutdown();
  }

  private static String run(JetService jet, long records) {
    JobConfig job =
        new JobConfig()
            .setProcessingGuarantee(ProcessingGuarantee.EXACTLY_ONCE)
            .setSnapshotIntervalMillis(SNAPSHOT_INTERVAL_MS);
    Digest.reset();
    EntrySource.SNAPSHOTS.set(0);
    jet.newJob(KeyedWindow.pipeline(records), job).join();
    return Digest.totalText() + " " + EntrySource.SNAPSHOTS;
  }

  /** A member that talks to nobody. */
  private static Config configuration() {
    Config config = new Config();
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "none");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getJetConfig().setEnabled(true).setCooperativeThreadCount(PARALLELISM);
    return config;
  }
}
