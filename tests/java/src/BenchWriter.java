import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.qjournal.client.IPCLoggerChannel;
import org.apache.hadoop.hdfs.qjournal.client.QuorumJournalManager;
import org.apache.hadoop.hdfs.server.common.HdfsServerConstants;
import org.apache.hadoop.hdfs.server.namenode.EditLogOutputStream;
import org.apache.hadoop.hdfs.server.protocol.NamespaceInfo;

/** Times batches that are written with Hadoop's own classes: one JournalNode, or a quorum of them. */
final class BenchWriter {
  private static final int LAYOUT_VERSION = HdfsServerConstants.NAMENODE_LAYOUT_VERSION;
  private static final long FIRST_TXID = 1;
  private static final long EPOCH = 1;

  private final Target target;
  private long nextTxid = FIRST_TXID;

  /** Takes a batch: nothing but write is timed. */
  private interface Target {
    int operationBytes();

    void prepare(long firstTxid, int operations) throws IOException;

    void write() throws Exception;
  }

  private BenchWriter(Target target) {
    this.target = target;
  }

  /** Arguments: name, host, port, namespace id, cluster id. */
  static BenchWriter channel(Configuration conf, String[] args) throws Exception {
    NamespaceInfo namespace = namespace(args[3], args[4]);
    InetSocketAddress address = new InetSocketAddress(args[1], Integer.parseInt(args[2]));
    IPCLoggerChannel channel = new IPCLoggerChannel(conf, namespace, "channel", address);
    channel.format(namespace, true).get();
    channel.newEpoch(EPOCH).get();
    channel.setEpoch(EPOCH);
    channel.startLogSegment(FIRST_TXID, LAYOUT_VERSION).get();
    return new BenchWriter(new ChannelTarget(channel));
  }

  /** Arguments: name, qjournal address, namespace id, cluster id. */
  static BenchWriter quorum(Configuration conf, String[] args) throws Exception {
    NamespaceInfo namespace = namespace(args[2], args[3]);
    URI address = URI.create(args[1]);
    QuorumJournalManager journal = new QuorumJournalManager(conf, address, namespace, null);
    journal.format(namespace, true);
    journal.recoverUnfinalizedSegments();
    return new BenchWriter(new QuorumTarget(journal.startLogSegment(FIRST_TXID, LAYOUT_VERSION)));
  }

  /** Arguments: name, batches, bytes of a batch. Answer: median and 99th percentile in µs, batches a second. */
  String window(String[] args) throws Exception {
    long[] nanos = new long[Integer.parseInt(args[1])];
    int operations = Math.max(1, Integer.parseInt(args[2]) / target.operationBytes());
    for (int i = 0; i < nanos.length; i++) {
      target.prepare(nextTxid, operations);
      nextTxid += operations;
      long begun = System.nanoTime();
      target.write();
      nanos[i] = System.nanoTime() - begun;
    }
    Arrays.sort(nanos);
    double rate = 1e9 * nanos.length / Arrays.stream(nanos).sum();
    return String.format(Locale.ROOT, "%.1f %.1f %.1f",
        quantileMicros(nanos, 0.50), quantileMicros(nanos, 0.99), rate);
  }

  private static double quantileMicros(long[] sortedNanos, double part) {
    int rank = (int) Math.ceil(part * sortedNanos.length);
    return sortedNanos[Math.max(rank, 1) - 1] / 1e3;
  }

  private static NamespaceInfo namespace(String namespaceId, String clusterId) {
    return new NamespaceInfo(Integer.parseInt(namespaceId), clusterId, "", 0L);
  }

  private static final class ChannelTarget implements Target {
    private static final int BODY_BYTES = 83;

    private final IPCLoggerChannel channel;
    private long first;
    private int count;
    private byte[] records;

    ChannelTarget(IPCLoggerChannel channel) {
      this.channel = channel;
    }

    @Override
    public int operationBytes() {
      return Operations.FRAME_BYTES + BODY_BYTES;
    }

    @Override
    public void prepare(long firstTxid, int operations) {
      first = firstTxid;
      count = operations;
      records = Operations.frames(firstTxid, operations, BODY_BYTES);
    }

    @Override
    public void write() throws Exception {
      channel.sendEdits(FIRST_TXID, first, count, records).get();
    }
  }

  /** The stream takes objects, and those of operations with a body can only be made inside Hadoop's package. */
  private static final class QuorumTarget implements Target {
    private final EditLogOutputStream stream;

    QuorumTarget(EditLogOutputStream stream) {
      this.stream = stream;
    }

    @Override
    public int operationBytes() {
      return Operations.FRAME_BYTES;
    }

    @Override
    public void prepare(long firstTxid, int operations) throws IOException {
      for (long txid = firstTxid; txid < firstTxid + operations; txid++) {
        stream.write(Operations.object(txid));
      }
      stream.setReadyToFlush();
    }

    @Override
    public void write() throws Exception {
      stream.flush();
    }
  }
}
