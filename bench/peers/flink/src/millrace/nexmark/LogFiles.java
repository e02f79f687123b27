package millrace.nexmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import millrace.digest.Digest;
import millrace.digest.RowHash;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.BucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.SimpleVersionedStringSerializer;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;

/** q10: bids as CSV in a folder for each day and minute. */
final class LogFiles {
  private LogFiles() {}

  static FileSink<Rows.LogRow> sink(Path folder) {
    Encoder<Rows.LogRow> encoder = (row, out) -> out.write(line(row));
    return FileSink.forRowFormat(new org.apache.flink.core.fs.Path(folder.toUri()), encoder)
        .withBucketAssigner(new ByMinute())
        .withRollingPolicy(OnCheckpointRollingPolicy.build())
        .build();
  }

  private static byte[] line(Rows.LogRow row) {
    StringBuilder line = new StringBuilder(128);
    line.append(row.auction).append(',').append(row.bidder).append(',').append(row.price);
    line.append(',').append(row.dateTime).append(',').append(row.extra).append('\n');
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The digest of all lines in visible files, as of bench/digest/folder-digest.ts. */
  static Digest digest(Path folder) throws IOException {
    Digest digest = new Digest();
    RowHash hash = new RowHash();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!file.getFileName().toString().startsWith(".")) {
              addLines(file, folder.relativize(file.getParent()).toString(), digest, hash);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return digest;
  }

  private static void addLines(Path file, String bucket, Digest digest, RowHash hash) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      int start = 0;
      for (int at = 0; at < bytes.length; at++) {
        if (bytes[at] != '\n') continue;
        String line = new String(bytes, start, at - start, StandardCharsets.ISO_8859_1);
        digest.add(hash.begin().text(bucket).text(line).word());
        start = at + 1;
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  static void remove(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException error)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static final class ByMinute implements BucketAssigner<Rows.LogRow, String> {
    @Override
    public String getBucketId(Rows.LogRow row, Context context) {
      return "dt=" + row.day + "/hm=" + row.minute;
    }

    @Override
    public SimpleVersionedSerializer<String> getSerializer() {
      return SimpleVersionedStringSerializer.INSTANCE;
    }
  }
}
