/** Drives trino-jdbc as its users do; prints one line `name=value` for each thing seen. */
import java.sql.*;
import java.util.Properties;

public class JdbcClient {
  static String rows(ResultSet rs) throws SQLException {
    StringBuilder s = new StringBuilder();
    int n = rs.getMetaData().getColumnCount();
    while (rs.next()) { for (int i = 1; i <= n; i++) s.append(i > 1 ? "|" : "").append(rs.getString(i)); s.append(";"); }
    return s.toString();
  }
  static void out(String name, String value) { System.out.println(name + "=" + value); }
  public static void main(String[] args) throws Exception {
    Properties p = new Properties(); p.setProperty("user", "me"); p.setProperty("validateConnection", "true");
    try (Connection c = DriverManager.getConnection("jdbc:trino://" + args[0] + "/lake/default", p)) {
      out("valid", "" + c.isValid(5));
      out("version", c.getMetaData().getDatabaseProductVersion());
      try (Statement s = c.createStatement()) {
        out("types", rows(s.executeQuery("SELECT 1, BIGINT '9223372036854775807', DECIMAL '1.50', 'x', DATE '2024-02-29', TIMESTAMP '2024-01-02 03:04:05.123', CAST(NULL AS double), true, ARRAY[1,2]")));
        out("update", "" + s.execute("USE lake.default") + " " + s.getUpdateCount() + " " + c.getSchema());
        try { s.executeQuery("SELECT\n nope"); } catch (SQLException e) { out("error", e.getErrorCode() + " " + e.getMessage()); }
        ResultSet big = s.executeQuery("SELECT a.x, b.x FROM UNNEST(sequence(1,1000)) a(x), UNNEST(sequence(1,200)) b(x)");
        long n = 0, sum = 0; while (big.next()) { n++; sum += big.getLong(1); }
        out("big", n + " " + sum);
        ResultSet early = s.executeQuery("SELECT a.x FROM UNNEST(sequence(1,10000)) a(x), UNNEST(sequence(1,10000)) b(x)");
        early.next(); early.close(); out("early", "closed");
        s.setQueryTimeout(1);
        try { rows(s.executeQuery("SELECT count(*), sum(a.x * b.x % 7) FROM UNNEST(sequence(1,10000)) a(x), UNNEST(sequence(1,10000)) b(x), UNNEST(sequence(1,10000)) c(x)")); out("timeout", "none"); } catch (SQLException e) { out("timeout", e.getMessage().replaceAll("#[^)]*", "#")); }
      }
      for (String explicit : new String[] {"true", "false"}) {
        p.setProperty("explicitPrepare", explicit);
        try (Connection d = DriverManager.getConnection("jdbc:trino://" + args[0] + "/lake/default", p);
            PreparedStatement ps = d.prepareStatement("SELECT x, ? AS y FROM (VALUES 1, 2, 3) t(x) WHERE x >= ? ORDER BY x LIMIT ?")) {
          ps.setString(1, "it's"); ps.setLong(2, 2); ps.setInt(3, 1);
          out("prepared " + explicit, rows(ps.executeQuery()));
          out("output " + explicit, ps.getMetaData().getColumnName(1) + " " + ps.getMetaData().getColumnTypeName(1));
          out("input " + explicit, "" + ps.getParameterMetaData().getParameterCount());
        }
      }
      for (String encoding : new String[] {"none", "json", "json+zstd", "json+lz4"}) {
        Properties q = new Properties(); q.setProperty("user", "me"); if (!encoding.equals("none")) q.setProperty("encoding", encoding);
        try (Connection d = DriverManager.getConnection("jdbc:trino://" + args[0] + "/lake/default", q); Statement s = d.createStatement()) {
          ResultSet rs = s.executeQuery("SELECT a.x * 1000 + b.x, 'row ' || CAST(a.x AS varchar), CAST(b.x AS decimal(10,2)) / 7, IF(b.x % 5 = 0, NULL, ARRAY[a.x, b.x]) FROM UNNEST(sequence(1,1000)) a(x), UNNEST(sequence(1,300)) b(x) ORDER BY 1");
          long n = 0, last = 0, ordered = 0, hash = 0;
          while (rs.next()) {
            n++; long x = rs.getLong(1); if (x > last) ordered++; last = x;
            hash = hash * 31 + (rs.getString(2) + "|" + rs.getBigDecimal(3) + "|" + rs.getString(4)).hashCode();
          }
          out("spooled " + encoding, n + " " + ordered + " " + hash);
          ResultSet one = s.executeQuery("SELECT 'x', 1.50, CAST(NULL AS double)"); out("inline " + encoding, rows(one));
          ResultSet none = s.executeQuery("SELECT 1 WHERE false"); out("empty " + encoding, rows(none));
          ResultSet left = s.executeQuery("SELECT a.x, b.x FROM UNNEST(sequence(1,10000)) a(x), UNNEST(sequence(1,1000)) b(x)");
          left.next(); left.close();
        }
      }
      c.setAutoCommit(false);
      try (Statement s = c.createStatement()) { out("transaction", rows(s.executeQuery("SELECT 1"))); }
      c.commit();
      c.setAutoCommit(true);
      for (String what : new String[] {"catalogs", "schemas", "tables", "columns", "type info", "keys"}) {
        try {
          DatabaseMetaData m = c.getMetaData();
          ResultSet rs = switch (what) {
            case "catalogs" -> m.getCatalogs();
            case "schemas" -> m.getSchemas("lake", null);
            case "tables" -> m.getTables("lake", "sample", null, null);
            case "columns" -> m.getColumns("lake", "sample", "trips", "%");
            case "type info" -> m.getTypeInfo();
            default -> m.getPrimaryKeys("lake", "sample", "trips");
          };
          String text = rows(rs);
          out(what, text.substring(0, Math.min(300, text.length())));
        } catch (SQLException e) { out(what, "failed: " + e.getMessage()); }
      }
    }
    // Idle threads of the driver's HTTP client would keep the process for a minute.
    System.exit(0);
  }
}
