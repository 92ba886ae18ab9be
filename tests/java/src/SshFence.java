import java.net.InetSocketAddress;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.ha.HAServiceTarget;
import org.apache.hadoop.ha.NodeFencer;
import org.apache.hadoop.ha.SshFenceByTcpPort;

/**
 * Runs Hadoop's own sshfence: {@code SshFence USER_AND_PORT TARGET_PORT KEY...}, one line for each key.
 */
public final class SshFence {
  private SshFence() {}

  public static void main(String[] arguments) {
    for (int index = 2; index < arguments.length; index++) {
      Configuration conf = new Configuration();
      conf.set("dfs.ha.fencing.ssh.private-key-files", arguments[index]);
      SshFenceByTcpPort method = new SshFenceByTcpPort();
      method.setConf(conf);
      Target target = new Target(Integer.parseInt(arguments[1]));
      long started = System.nanoTime();
      String outcome;
      try {
        outcome = method.tryFence(target, arguments[0]) ? "fenced" : "NOT fenced";
      } catch (Exception refused) {
        outcome = "NOT fenced: " + refused;
      }
      long tookMs = (System.nanoTime() - started) / 1_000_000;
      System.out.println(arguments[index] + ": " + outcome + " after " + tookMs + " ms");
    }
    System.exit(0);
  }

  private static final class Target extends HAServiceTarget {
    private final InetSocketAddress address;

    Target(int port) {
      address = new InetSocketAddress("127.0.0.1", port);
    }

    @Override
    public InetSocketAddress getAddress() {
      return address;
    }

    @Override
    public InetSocketAddress getZKFCAddress() {
      return address;
    }

    @Override
    public NodeFencer getFencer() {
      return null;
    }

    @Override
    public void checkFencingConfigured() {}
  }
}
