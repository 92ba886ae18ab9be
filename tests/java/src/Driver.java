import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FsShell;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.tools.DFSAdmin;
import org.apache.hadoop.hdfs.tools.DFSHAAdmin;
import org.apache.hadoop.util.Tool;
import org.apache.hadoop.util.ToolRunner;

/**
 * Hadoop's client and admin tools behind one long-lived JVM: a command per line on standard input, one line
 * of answer on standard output, "OK text" or "ERR exception" with line feeds written as \n.
 * Starting a JVM for every dfsadmin call would cost more than the rest of the test.
 */
public final class Driver {
  private final Configuration conf = withoutIdleConnections();
  private final Map<String, FileSystem> fileSystems = new HashMap<>();
  private final Map<String, WriteLoad> loads = new HashMap<>();
  private final Map<String, BenchWriter> writers = new HashMap<>();
  private final Map<String, RecordedLoad> histories = new HashMap<>();

  /** The first call on a connection that a restart closed fails, and admin tools do not try twice. */
  private static Configuration withoutIdleConnections() {
    Configuration conf = new HdfsConfiguration();
    conf.setInt(CommonConfigurationKeysPublic.IPC_CLIENT_CONNECTION_MAXIDLETIME_KEY, 0);
    return conf;
  }

  public static void main(String[] args) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Driver driver = new Driver();
    answers.println("OK ready");
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      answers.println(escape(driver.answer(line.trim().split(" "))));
    }
    // Client threads of a stopped NameNode must not keep this JVM alive.
    Runtime.getRuntime().halt(0);
  }

  private String answer(String[] words) {
    try {
      String[] rest = Arrays.copyOfRange(words, 1, words.length);
      return "OK " + run(words[0], rest);
    } catch (Throwable refused) {
      return "ERR " + refused;
    }
  }

  private String run(String command, String[] args) throws Exception {
    switch (command) {
      case "dfsadmin": return tool(new DFSAdmin(ownCopy()), args);
      case "dfs": return tool(new FsShell(ownCopy()), args);
      case "haadmin": return haadmin(args);
      case "mkdirs": return String.valueOf(at(args[0]).mkdirs(new Path(args[1])));
      case "create": at(args[0]).create(new Path(args[1]), true).close(); return "";
      case "exists": return String.valueOf(at(args[0]).exists(new Path(args[1])));
      case "count": return String.valueOf(at(args[0]).listStatus(new Path(args[1])).length);
      case "load-start": return startLoad(args[0], args[1], args[2], args[3]);
      case "load-acked": return String.valueOf(loads.get(args[0]).acked());
      case "load-stop": return loads.get(args[0]).stop();
      case "load-missing": return loads.get(args[0]).missing(at(args[1]));
      case "history-start": return startHistory(args);
      case "history-acknowledged": return String.valueOf(histories.get(args[0]).acknowledged());
      case "history-stop": histories.get(args[0]).stop(); return "";
      case "list": return list(args[0], args[1], args[2]);
      case "connect": new Socket(args[0], Integer.parseInt(args[1])).close(); return "";
      case "segment": return SegmentReader.read(args[0]);
      case "scan-folder": return SegmentScan.folder(args[0]);
      case "qjm-recover": return QuorumClient.recover(conf, args);
      case "qjm-write": return QuorumClient.write(conf, args);
      // A NameNode keeps its connections.
      case "bench-channel": writers.put(args[0], BenchWriter.channel(new HdfsConfiguration(), args)); return "";
      case "bench-quorum": writers.put(args[0], BenchWriter.quorum(new HdfsConfiguration(), args)); return "";
      case "bench-window": return writers.get(args[0]).window(args);
      case "old-writer": return OldWriter.tryEverything(conf, args);
      default: throw new IllegalArgumentException("no such command: " + command);
    }
  }

  private String startLoad(String id, String uri, String dir, String ackedFile) throws Exception {
    Configuration plain = new HdfsConfiguration();
    loads.put(id, new WriteLoad(FileSystem.newInstance(URI.create(uri), plain), dir, ackedFile));
    return "";
  }

  /** id uri dir historyFile clients. */
  private String startHistory(String[] args) throws Exception {
    FileSystem fs = FileSystem.newInstance(URI.create(args[1]), new HdfsConfiguration());
    histories.put(args[0], new RecordedLoad(fs, args[2], args[3], Integer.parseInt(args[4])));
    return "";
  }

  /** Names in a directory, one a line, into a file: there may be very many. */
  private String list(String uri, String dir, String file) throws Exception {
    try (PrintStream names = new PrintStream(file, "UTF-8")) {
      for (FileStatus status : at(uri).listStatus(new Path(dir))) {
        names.println(status.getPath().getName());
      }
    }
    return "";
  }

  private FileSystem at(String uri) throws Exception {
    FileSystem known = fileSystems.get(uri);
    if (known == null) {
      known = FileSystem.newInstance(URI.create(uri), conf);
      fileSystems.put(uri, known);
    }
    return known;
  }

  /** Generic options such as -fs are written into the tool's configuration. */
  private Configuration ownCopy() {
    return new HdfsConfiguration(conf);
  }

  /** --forcemanual asks for confirmation on standard input. */
  private String haadmin(String[] args) throws Exception {
    System.setIn(new ByteArrayInputStream("Y\n".getBytes(StandardCharsets.UTF_8)));
    DFSHAAdmin admin = new DFSHAAdmin();
    admin.setConf(ownCopy());
    return tool(admin, args);
  }

  private static String tool(Tool tool, String[] args) throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    PrintStream captured = new PrintStream(said, true, "UTF-8");
    int status;
    try {
      System.setOut(captured);
      System.setErr(captured);
      if (tool instanceof DFSHAAdmin) {
        redirect((DFSHAAdmin) tool, captured);
      }
      status = ToolRunner.run(tool, args);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    if (status != 0) {
      throw new IllegalStateException("exit " + status + ": " + said.toString("UTF-8"));
    }
    return said.toString("UTF-8");
  }

  /** HAAdmin takes its streams when the object is made, and offers no way to change them. */
  private static void redirect(DFSHAAdmin admin, PrintStream to) throws Exception {
    for (String name : new String[] {"out", "errOut"}) {
      java.lang.reflect.Field field = org.apache.hadoop.ha.HAAdmin.class.getDeclaredField(name);
      field.setAccessible(true);
      field.set(admin, to);
    }
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\r", "").replace("\n", "\\n");
  }
}
