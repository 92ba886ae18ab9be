import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A client that keeps writing and remembers what was acknowledged, in a file with the time of each. An operation that failed is unknown:
 * it may or may not be in the log, so only acknowledged ones are looked for later.
 */
final class WriteLoad {
  private final FileSystem fs;
  private final String dir;
  private final PrintWriter ackedFile;
  private final List<String> acked = new ArrayList<>();
  private final Thread thread = new Thread(this::write, "write-load");
  private volatile boolean stopping;
  private int failed;
  private String lastFailure = "";

  WriteLoad(FileSystem fs, String dir, String ackedFile) throws IOException {
    this.fs = fs;
    this.dir = dir;
    this.ackedFile = new PrintWriter(ackedFile);
    thread.setDaemon(true);
    thread.start();
  }

  synchronized int acked() {
    return acked.size();
  }

  String stop() throws InterruptedException {
    stopping = true;
    thread.join(120_000);
    ackedFile.close();
    return "acked=" + acked() + " failed=" + failed + " " + lastFailure;
  }

  private void write() {
    for (int i = 0; !stopping; i++) {
      String name = "op-" + i;
      try {
        Path path = new Path(dir, name);
        if (i % 4 == 0) {
          fs.create(path, true).close();
        } else if (!fs.mkdirs(path)) {
          throw new IOException("mkdirs said false");
        }
        acknowledge(name);
      } catch (IOException unknown) {
        failed++;
        lastFailure = unknown.toString();
      }
    }
  }

  private synchronized void acknowledge(String name) {
    acked.add(name);
    ackedFile.println(name + " " + System.currentTimeMillis());
    ackedFile.flush();
  }

  /** Acknowledged names that fs does not hold, separated by spaces. */
  synchronized String missing(FileSystem at) throws IOException {
    Set<String> held = new HashSet<>();
    for (FileStatus status : at.listStatus(new Path(dir))) {
      held.add(status.getPath().getName());
    }
    List<String> lost = new ArrayList<>(acked);
    lost.removeAll(held);
    return String.join(" ", lost);
  }
}
