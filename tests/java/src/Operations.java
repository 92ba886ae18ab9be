import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

import org.apache.hadoop.hdfs.server.common.HdfsServerConstants;
import org.apache.hadoop.hdfs.server.namenode.EditLogFileInputStream;
import org.apache.hadoop.hdfs.server.namenode.FSEditLogOp;
import org.apache.hadoop.thirdparty.protobuf.ByteString;

/** Operations of an edit log that mean nothing. */
final class Operations {
  /** Of an operation without a body: opcode, length, transaction id, checksum. */
  static final int FRAME_BYTES = 17;

  private static final int HEADER_BYTES = 8;
  private static final int LENGTH_AND_TXID_BYTES = 12;
  /** OP_START_LOG_SEGMENT: the operation without a body. Who only frames operations does not mind one. */
  private static final byte OP_CODE = 24;

  private Operations() {}

  /** Operations as a writer sends them. */
  static byte[] frames(long firstTxid, int count, int bodyBytes) {
    ByteBuffer frames = ByteBuffer.allocate(count * (FRAME_BYTES + bodyBytes));
    for (long txid = firstTxid; txid < firstTxid + count; txid++) {
      put(frames, txid, bodyBytes);
    }
    return frames.array();
  }

  /** Objects can only be made inside Hadoop's package, but read by anyone. Hadoop reuses them. */
  static FSEditLogOp object(long txid) throws IOException {
    ByteBuffer log = ByteBuffer.allocate(HEADER_BYTES + FRAME_BYTES);
    log.putInt(HdfsServerConstants.NAMENODE_LAYOUT_VERSION).putInt(0);
    put(log, txid, 0);
    ByteString bytes = ByteString.copyFrom(log.array());
    return EditLogFileInputStream.fromByteString(bytes, txid, txid, true).readOp();
  }

  private static void put(ByteBuffer frames, long txid, int bodyBytes) {
    int begin = frames.position();
    frames.put(OP_CODE).putInt(LENGTH_AND_TXID_BYTES + bodyBytes).putLong(txid).put(new byte[bodyBytes]);
    CRC32 checksum = new CRC32();
    checksum.update(frames.array(), begin, frames.position() - begin);
    frames.putInt((int) checksum.getValue());
  }
}
