/** Reads a query with trino-jdbc; prints its rows, the sum of the first column, milliseconds and those of the processor, or the error. Repeats on demand. */
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.sql.*;
import java.util.Properties;

public class JdbcRows {
  public static void main(String[] args) throws Exception {
    Properties p = new Properties();
    p.setProperty("user", "me");
    if (!args[1].equals("none")) p.setProperty("encoding", args[1]);
    if (args.length > 4) p.setProperty("sessionProperties", args[4]);
    int times = args.length > 3 ? Integer.parseInt(args[3]) : 1;
    OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    for (int i = 0; i < times; i++) {
      long started = System.nanoTime(), used = machine.getProcessCpuTime();
      try (Connection c = DriverManager.getConnection("jdbc:trino://" + args[0], p); Statement s = c.createStatement(); ResultSet rs = s.executeQuery(args[2])) {
        int columns = rs.getMetaData().getColumnCount();
        long n = 0, sum = 0;
        while (rs.next()) {
          n++;
          sum += rs.getLong(1);
          for (int k = 2; k <= columns; k++) rs.getObject(k);
        }
        System.out.println(n + " " + sum + " " + (System.nanoTime() - started) / 1_000_000 + " " + (machine.getProcessCpuTime() - used) / 1_000_000);
      } catch (SQLException e) {
        System.out.println("error: " + e.getMessage().replaceAll("#[^)]*", "#").split("\n")[0]);
      }
    }
    // Idle threads of the driver's HTTP client would keep the process for a minute.
    System.exit(0);
  }
}
