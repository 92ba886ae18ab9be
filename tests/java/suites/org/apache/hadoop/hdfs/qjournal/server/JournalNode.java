package org.apache.hadoop.hdfs.qjournal.server;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.hadoop.conf.Configurable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DFSConfigKeys;
import org.apache.hadoop.net.NetUtils;

/**
 * Stands in front of Hadoop's class of this name, so that Hadoop's test suites, unchanged, start, stop and
 * restart a JournalNode process instead of an object. Whose process it is, JOURNALNODE_COMMAND says: a word
 * per line, with @CONF@ for the folder of its site files.
 */
public class JournalNode implements Configurable {
  private static final long START_LIMIT_MS = 60_000;
  private static final long POLL_MS = 10;

  private Configuration conf;
  private Process process;
  private InetSocketAddress rpc;
  private InetSocketAddress http;

  @Override
  public void setConf(Configuration conf) {
    this.conf = conf;
  }

  @Override
  public Configuration getConf() {
    return conf;
  }

  public void start() throws IOException {
    rpc = fixed(DFSConfigKeys.DFS_JOURNALNODE_RPC_ADDRESS_KEY);
    http = fixed(DFSConfigKeys.DFS_JOURNALNODE_HTTP_ADDRESS_KEY);
    File edits = new File(conf.get(DFSConfigKeys.DFS_JOURNALNODE_EDITS_DIR_KEY));
    File confDir = new File(edits.getParentFile(), edits.getName() + "-conf");
    writeSite(confDir);
    ProcessBuilder builder = new ProcessBuilder(command(confDir));
    File log = new File(edits.getParentFile(), edits.getName() + ".log");
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    awaitListening(rpc);
    awaitListening(http);
  }

  public boolean isStarted() {
    return process != null && process.isAlive();
  }

  public InetSocketAddress getBoundIpcAddress() {
    return rpc;
  }

  public String getHttpServerURI() {
    return "http://" + NetUtils.getHostPortString(http);
  }

  public void stop(int rc) {
    process.destroy();
  }

  public void stopAndJoin(int rc) throws InterruptedException {
    stop(rc);
    if (!process.waitFor(START_LIMIT_MS, TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IllegalStateException("the JournalNode did not obey SIGTERM");
    }
  }

  /** What only an object in this JVM could offer. */
  public Journal getOrCreateJournal(String jid) throws IOException {
    throw new UnsupportedOperationException("this JournalNode is another process");
  }

  /** Port 0 means any port, and nobody could ask another process which one it took. */
  private InetSocketAddress fixed(String key) throws IOException {
    int port = NetUtils.createSocketAddr(conf.get(key)).getPort();
    if (port == 0) {
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
    }
    conf.set(key, "127.0.0.1:" + port);
    return new InetSocketAddress("127.0.0.1", port);
  }

  /** Only what the test set: the daemon has the same defaults. */
  private void writeSite(File confDir) throws IOException {
    Configuration site = new Configuration(false);
    for (Map.Entry<String, String> property : conf) {
      String[] sources = conf.getPropertySources(property.getKey());
      String source = sources == null ? "" : sources[sources.length - 1];
      if (!source.endsWith("-default.xml")) {
        site.set(property.getKey(), property.getValue());
      }
    }
    Files.createDirectories(confDir.toPath());
    try (OutputStream out = Files.newOutputStream(confDir.toPath().resolve("hdfs-site.xml"))) {
      site.writeXml(out);
    }
  }

  private static List<String> command(File confDir) {
    List<String> words = new ArrayList<>();
    for (String word : System.getenv("JOURNALNODE_COMMAND").split("\n")) {
      words.add(word.replace("@CONF@", confDir.getPath()));
    }
    return words;
  }

  private void awaitListening(InetSocketAddress address) throws IOException {
    long deadline = System.currentTimeMillis() + START_LIMIT_MS;
    while (true) {
      try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
        return;
      } catch (IOException notYet) {
        if (!process.isAlive() || System.currentTimeMillis() > deadline) {
          throw new IOException("the JournalNode does not listen on " + address, notYet);
        }
      }
      try {
        Thread.sleep(POLL_MS);
      } catch (InterruptedException interrupted) {
        throw new IOException(interrupted);
      }
    }
  }
}
