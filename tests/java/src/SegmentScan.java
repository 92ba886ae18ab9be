import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

import org.apache.hadoop.hdfs.server.common.HdfsServerConstants;
import org.apache.hadoop.hdfs.server.namenode.EditLogFileInputStream;

/** Scans edit log files with the method a JournalNode scans them with. */
final class SegmentScan {
  private SegmentScan() {}

  /** A line for each file of the folder, by name: "name corrupt", "name refused", "name empty" or "name last". */
  static String folder(String folder) throws Exception {
    File[] files = new File(folder).listFiles();
    Arrays.sort(files);
    StringBuilder lines = new StringBuilder();
    for (File file : files) {
      lines.append(file.getName()).append(' ').append(verdict(file)).append('\n');
    }
    return lines.toString();
  }

  private static String verdict(File file) throws Exception {
    Method scan = EditLogFileInputStream.class
        .getDeclaredMethod("scanEditLog", File.class, long.class, boolean.class);
    scan.setAccessible(true);
    Object found;
    try {
      found = scan.invoke(null, file, Long.MAX_VALUE, false);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof IOException) {
        return "refused";
      }
      throw thrown;
    }
    if ((Boolean) ask(found, "hasCorruptHeader")) {
      return "corrupt";
    }
    long last = (Long) ask(found, "getEndTxId");
    return last == HdfsServerConstants.INVALID_TXID ? "empty" : String.valueOf(last);
  }

  private static Object ask(Object found, String question) throws Exception {
    Method method = found.getClass().getDeclaredMethod(question);
    method.setAccessible(true);
    return method.invoke(found);
  }
}
