/** Cancels a query of trino-jdbc from another thread; prints what the query ended with. */
import java.sql.*;
import java.util.Properties;

public class JdbcCancel {
  public static void main(String[] args) throws Exception {
    Properties p = new Properties();
    p.setProperty("user", "me");
    try (Connection c = DriverManager.getConnection("jdbc:trino://" + args[0], p); Statement s = c.createStatement()) {
      s.executeQuery("SELECT 1").close();
      Thread canceler = new Thread(() -> {
        // Again and again: on a busy machine the query may not have begun.
        try { while (true) { Thread.sleep(1500); s.cancel(); } } catch (Exception e) { }
      });
      canceler.start();
      String end;
      try (ResultSet rs = s.executeQuery(args[1])) {
        while (rs.next()) { }
        end = "rows";
      } catch (SQLException e) { end = e.getMessage().replaceAll("#[^)]*", "#"); }
      canceler.interrupt();
      canceler.join();
      System.out.println(end);
      // The connection serves on.
      try (ResultSet rs = s.executeQuery("SELECT 2")) { rs.next(); System.out.println(rs.getInt(1)); }
    }
    System.exit(0);
  }
}
