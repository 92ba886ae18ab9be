import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.qjournal.client.QuorumJournalManager;
import org.apache.hadoop.hdfs.server.common.HdfsServerConstants;
import org.apache.hadoop.hdfs.server.namenode.EditLogInputStream;
import org.apache.hadoop.hdfs.server.namenode.EditLogOutputStream;
import org.apache.hadoop.hdfs.server.namenode.FSEditLogOp;
import org.apache.hadoop.hdfs.server.protocol.NamespaceInfo;

/** Hadoop's own quorum client, used as a NameNode uses it. */
final class QuorumClient {
  private static final int LAYOUT_VERSION = HdfsServerConstants.NAMENODE_LAYOUT_VERSION;

  private QuorumClient() {}

  /**
   * Becomes the writer, recovers, and reads the whole log: "last count" of its transactions.
   * Arguments: qjournal address, namespace id, cluster id.
   */
  static String recover(Configuration conf, String[] args) throws Exception {
    QuorumJournalManager journal = open(conf, args);
    try {
      journal.recoverUnfinalizedSegments();
      return readAll(journal);
    } finally {
      journal.close();
    }
  }

  /**
   * Becomes the writer, recovers, and writes a segment that it leaves open.
   * Arguments: those of recover, first txid, number of transactions.
   */
  static String write(Configuration conf, String[] args) throws Exception {
    long first = Long.parseLong(args[3]);
    int count = Integer.parseInt(args[4]);
    QuorumJournalManager journal = open(conf, args);
    try {
      journal.recoverUnfinalizedSegments();
      EditLogOutputStream out = journal.startLogSegment(first, LAYOUT_VERSION);
      for (long txid = first; txid < first + count; txid++) {
        out.write(Operations.object(txid));
        out.setReadyToFlush();
        out.flush();
      }
      return "";
    } finally {
      journal.close();
    }
  }

  private static QuorumJournalManager open(Configuration conf, String[] args) throws IOException {
    NamespaceInfo namespace = new NamespaceInfo(Integer.parseInt(args[1]), args[2], "", 0L);
    return new QuorumJournalManager(conf, URI.create(args[0]), namespace, null);
  }

  private static String readAll(QuorumJournalManager journal) throws IOException {
    List<EditLogInputStream> streams = new ArrayList<>();
    journal.selectInputStreams(streams, 1, false);
    long last = 0;
    long count = 0;
    for (EditLogInputStream in : streams) {
      for (FSEditLogOp op = in.readOp(); op != null; op = in.readOp()) {
        if (op.getTransactionId() != last + 1) {
          throw new IOException("transaction " + op.getTransactionId() + " after " + last);
        }
        last = op.getTransactionId();
        count++;
      }
      in.close();
    }
    return last + " " + count;
  }
}
