import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Clients that keep writing, each operation on a path of its own, and record what became of every one:
 * "kind name from_ms to_ms answer [why]". The answer is "ok", "unknown", or "before": refused since the
 * effect was there already, which a client's second attempt after a failover must not see.
 */
final class RecordedLoad {
  private final FileSystem fs;
  private final Path dir;
  private final PrintWriter history;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopping;
  private int acknowledged;

  RecordedLoad(FileSystem fs, String dir, String historyFile, int clients) throws IOException {
    this.fs = fs;
    this.dir = new Path(dir);
    this.history = new PrintWriter(historyFile);
    for (int client = 0; client < clients; client++) {
      String prefix = "t" + client + "-";
      Thread thread = new Thread(() -> write(prefix), "recorded-load-" + client);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  synchronized int acknowledged() {
    return acknowledged;
  }

  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join(120_000);
    }
  }

  private void write(String prefix) {
    for (int i = 0; !stopping; i++) {
      String name = prefix + String.format("%07d", i);
      String kind = new String[] {"mkdir", "create", "rename"}[i % 3];
      long from = System.currentTimeMillis();
      String answer;
      try {
        answer = attempt(kind, new Path(dir, name)) ? "ok" : "before";
      } catch (FileAlreadyExistsException done) {
        answer = "before " + done;
      } catch (IOException | RuntimeException unknown) {
        answer = "unknown " + unknown;
      }
      record(kind + " " + name + " " + from + " " + System.currentTimeMillis() + " " + answer);
    }
  }

  private boolean attempt(String kind, Path path) throws IOException {
    switch (kind) {
      case "mkdir": return fs.mkdirs(path);
      case "create": fs.create(path, false).close(); return true;
      default:
        Path from = path.suffix(".from");
        if (!fs.mkdirs(from)) {
          throw new FileNotFoundException("mkdirs said false");
        }
        return fs.rename(from, path);
    }
  }

  private synchronized void record(String line) {
    String oneLine = line.split("[\r\n]", 2)[0];
    history.println(oneLine);
    history.flush();
    if (oneLine.contains(" ok")) {
      acknowledged++;
    }
  }
}
