import java.io.PrintStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.manipulation.Filter;
import org.junit.runner.notification.Failure;
import org.junit.runner.notification.RunListener;

/** Runs one JUnit class without the named methods: RunSuite class [method ...]. */
public final class RunSuite {
  private RunSuite() {}

  public static void main(String[] args) throws Exception {
    Set<String> leftOut = new HashSet<>(Arrays.asList(args).subList(1, args.length));
    JUnitCore junit = new JUnitCore();
    junit.addListener(new Report(System.out));
    Request all = Request.aClass(Class.forName(args[0]));
    Result result = junit.run(all.filterWith(new Without(leftOut)));
    System.out.println("ran " + result.getRunCount() + ", failed " + result.getFailureCount());
    System.exit(result.wasSuccessful() && result.getRunCount() > 0 ? 0 : 1);
  }

  private static final class Without extends Filter {
    private final Set<String> leftOut;

    Without(Set<String> leftOut) {
      this.leftOut = leftOut;
    }

    @Override
    public boolean shouldRun(Description test) {
      return !test.isTest() || !leftOut.contains(test.getMethodName());
    }

    @Override
    public String describe() {
      return "without " + leftOut;
    }
  }

  private static final class Report extends RunListener {
    private final PrintStream out;

    Report(PrintStream out) {
      this.out = out;
    }

    @Override
    public void testStarted(Description test) {
      out.println("test " + test.getMethodName());
    }

    @Override
    public void testFailure(Failure failure) {
      out.println("FAILED " + failure.getDescription().getMethodName() + "\n" + failure.getTrace());
    }
  }
}
