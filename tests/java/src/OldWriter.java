import java.io.FileReader;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocol;
import org.apache.hadoop.hdfs.qjournal.protocol.QJournalProtocolProtos.SegmentStateProto;
import org.apache.hadoop.hdfs.qjournal.protocol.RequestInfo;
import org.apache.hadoop.hdfs.qjournal.protocolPB.QJournalProtocolPB;
import org.apache.hadoop.hdfs.qjournal.protocolPB.QJournalProtocolTranslatorPB;
import org.apache.hadoop.hdfs.server.protocol.NamespaceInfo;
import org.apache.hadoop.ipc.ProtobufRpcEngine2;
import org.apache.hadoop.ipc.RPC;
import org.apache.hadoop.net.NetUtils;

/**
 * A writer of the epoch before the promised one, sending every write method of QJournalProtocol through
 * Hadoop's own client stub. Every one of them must come back as an IOException.
 */
final class OldWriter {
  private static final int LAYOUT_VERSION = -67;
  /** A fenced writer's idea of what is committed must not be taken over either. */
  private static final long WILD_COMMIT = Long.MAX_VALUE / 2;

  private interface Call {
    void send(RequestInfo from) throws IOException;
  }

  private final QJournalProtocol node;
  private final String journal;
  private final long oldEpoch;
  private final List<String> refusals = new ArrayList<>();
  private long serial = 1_000_000;

  private OldWriter(QJournalProtocol node, String journal) throws IOException {
    this.node = node;
    this.journal = journal;
    this.oldEpoch = node.getJournalState(journal, journal).getLastPromisedEpoch() - 1;
  }

  /** Arguments: host:port, journal id, VERSION file, first txid of the open segment, next txid. */
  static String tryEverything(Configuration conf, String[] args) throws Exception {
    RPC.setProtocolEngine(conf, QJournalProtocolPB.class, ProtobufRpcEngine2.class);
    InetSocketAddress address = NetUtils.createSocketAddr(args[0]);
    QJournalProtocolPB stub = RPC.getProxy(QJournalProtocolPB.class,
        RPC.getProtocolVersion(QJournalProtocolPB.class), address, conf);
    try {
      OldWriter writer = new OldWriter(new QJournalProtocolTranslatorPB(stub), args[1]);
      writer.tryAll(namespace(args[2]), Long.parseLong(args[3]), Long.parseLong(args[4]));
      return String.join("\n", writer.refusals);
    } finally {
      RPC.stopProxy(stub);
    }
  }

  private void tryAll(NamespaceInfo namespace, long segment, long next) throws IOException {
    SegmentStateProto state = SegmentStateProto.newBuilder()
        .setStartTxId(segment).setEndTxId(next - 1).setIsInProgress(true).build();
    // Nothing listens there: a node that asked would show it by another error.
    URL nowhere = new URL("http://127.0.0.1:9/getJournal");
    expect("newEpoch", from -> node.newEpoch(journal, journal, namespace, oldEpoch));
    expect("newEpoch of the promise", from -> node.newEpoch(journal, journal, namespace, oldEpoch + 1));
    expect("heartbeat", node::heartbeat);
    expect("journal", from -> node.journal(from, segment, next, 1, new byte[] {9, 9, 9}));
    expect("journal of nothing", from -> node.journal(from, segment, next, 0, new byte[0]));
    expect("startLogSegment", from -> node.startLogSegment(from, next, LAYOUT_VERSION));
    expect("finalizeLogSegment", from -> node.finalizeLogSegment(from, segment, next - 1));
    expect("purgeLogsOlderThan", from -> node.purgeLogsOlderThan(from, next));
    expect("prepareRecovery", from -> node.prepareRecovery(from, segment));
    expect("acceptRecovery", from -> node.acceptRecovery(from, state, nowhere));
  }

  private void expect(String method, Call call) {
    RequestInfo from = new RequestInfo(journal, journal, oldEpoch, serial++, WILD_COMMIT);
    try {
      call.send(from);
    } catch (IOException refused) {
      String message = String.valueOf(refused.getMessage());
      if (!message.contains("epoch") && !message.contains("promise")) {
        throw new IllegalStateException(method + " failed for another reason", refused);
      }
      refusals.add(method + ": " + message.split("\n")[0]);
      return;
    }
    throw new IllegalStateException(method + " of epoch " + oldEpoch + " was let through");
  }

  private static NamespaceInfo namespace(String versionFile) throws IOException {
    Properties version = new Properties();
    try (Reader in = new FileReader(versionFile)) {
      version.load(in);
    }
    return new NamespaceInfo(Integer.parseInt(version.getProperty("namespaceID")),
        version.getProperty("clusterID"), "", Long.parseLong(version.getProperty("cTime")));
  }
}
