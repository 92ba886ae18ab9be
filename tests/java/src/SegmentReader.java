import java.io.File;

import org.apache.hadoop.hdfs.server.common.HdfsServerConstants;
import org.apache.hadoop.hdfs.server.namenode.EditLogFileInputStream;
import org.apache.hadoop.hdfs.server.namenode.FSEditLogOp;

/** Reads an edit log file with the class a NameNode reads it with. */
final class SegmentReader {
  private static final long NONE = HdfsServerConstants.INVALID_TXID;

  private SegmentReader() {}

  /** "first last count" of the transactions in the file. */
  static String read(String file) throws Exception {
    long first = -1;
    long last = -1;
    long count = 0;
    try (EditLogFileInputStream in = new EditLogFileInputStream(new File(file), NONE, NONE, false)) {
      for (FSEditLogOp op = in.readOp(); op != null; op = in.readOp()) {
        first = first < 0 ? op.getTransactionId() : first;
        last = op.getTransactionId();
        count++;
      }
    }
    return first + " " + last + " " + count;
  }
}
