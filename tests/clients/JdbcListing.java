/** Lists a schema with getTables and getColumns; prints for each call its rows and, of several times, the least milliseconds. */
import java.sql.*;
import java.util.Properties;

public class JdbcListing {
  interface Call { ResultSet rows() throws SQLException; }

  static void measure(String name, Call call) throws SQLException {
    long best = Long.MAX_VALUE;
    int n = 0;
    for (int i = 0; i < 6; i++) {
      long started = System.nanoTime();
      n = 0;
      try (ResultSet rs = call.rows()) { while (rs.next()) { rs.getString("TABLE_NAME"); n++; } }
      best = Math.min(best, (System.nanoTime() - started) / 1_000_000);
    }
    System.out.println(name + " " + n + " " + best);
  }

  public static void main(String[] args) throws Exception {
    Properties p = new Properties();
    p.setProperty("user", "me");
    try (Connection c = DriverManager.getConnection("jdbc:trino://" + args[0], p)) {
      DatabaseMetaData d = c.getMetaData();
      measure("tables", () -> d.getTables("lake", args[1], "%", null));
      measure("columns", () -> d.getColumns("lake", args[1], "%", "%"));
      measure("table", () -> d.getColumns("lake", args[1], "t1000", "%"));
    }
    System.exit(0);
  }
}
