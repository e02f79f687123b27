package millrace.nexmark;

import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.runtime.state.CheckpointStorageFactory;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;

/**
 * Checkpoints in memory, as ours are. Flink refuses more than 5 MiB of a subtask there unless it is
 * told otherwise, and fails the job, and no option tells it.
 */
public final class MemoryStorage implements CheckpointStorageFactory<JobManagerCheckpointStorage> {
  @Override
  public JobManagerCheckpointStorage createFromConfig(ReadableConfig config, ClassLoader loader) {
    return new JobManagerCheckpointStorage(Integer.MAX_VALUE);
  }
}
