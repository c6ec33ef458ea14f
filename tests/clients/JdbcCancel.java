/** Cancels a query of trino-jdbc from another thread; prints what the query ended with, and within how many milliseconds. */
import java.sql.*;
import java.util.Properties;

public class JdbcCancel {
  public static void main(String[] args) throws Exception {
    Properties p = new Properties();
    p.setProperty("user", "me");
    try (Connection c = DriverManager.getConnection("jdbc:trino://" + args[0], p); Statement s = c.createStatement()) {
      s.executeQuery("SELECT 1").close();
      long[] canceled = new long[1];
      Thread canceler = new Thread(() -> {
        try { Thread.sleep(1500); canceled[0] = System.nanoTime(); s.cancel(); } catch (Exception e) { throw new RuntimeException(e); }
      });
      canceler.start();
      String end;
      try (ResultSet rs = s.executeQuery(args[1])) {
        while (rs.next()) { }
        end = "rows";
      } catch (SQLException e) { end = e.getMessage().replaceAll("#[^)]*", "#"); }
      long ms = (System.nanoTime() - canceled[0]) / 1_000_000;
      canceler.join();
      System.out.println(end);
      System.out.println(ms);
      // The connection serves on.
      try (ResultSet rs = s.executeQuery("SELECT 2")) { rs.next(); System.out.println(rs.getInt(1)); }
    }
    System.exit(0);
  }
}
