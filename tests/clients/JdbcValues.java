/** Reads each expression of a file with trino-jdbc; prints what the driver makes of it, a line each. */
import java.nio.file.*;
import java.sql.*;
import java.util.*;

public class JdbcValues {
  interface Getter { Object get() throws SQLException; }

  static String text(Object value) throws SQLException {
    if (value == null) return "null";
    if (value instanceof byte[] bytes) return HexFormat.of().formatHex(bytes);
    if (value instanceof java.sql.Array array) {
      List<String> parts = new ArrayList<>();
      for (Object one : (Object[]) array.getArray()) parts.add(text(one));
      return array.getBaseTypeName() + parts;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, String> parts = new TreeMap<>();
      for (Map.Entry<?, ?> one : map.entrySet()) parts.put(text(one.getKey()), text(one.getValue()));
      return parts.toString();
    }
    if (value instanceof List<?> list) {
      List<String> parts = new ArrayList<>();
      for (Object one : list) parts.add(text(one));
      return parts.toString();
    }
    return value.toString();
  }

  static String attempt(Getter getter) {
    try { return text(getter.get()); } catch (SQLException | RuntimeException e) { return e.getClass().getSimpleName(); }
  }

  public static void main(String[] args) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
    Properties p = new Properties();
    p.setProperty("user", "me");
    if (args.length > 2) p.setProperty("encoding", args[2]);
    try (Connection c = DriverManager.getConnection("jdbc:trino://" + args[0], p); Statement s = c.createStatement()) {
      for (String expression : Files.readAllLines(Path.of(args[1]))) {
        try (ResultSet rs = s.executeQuery("SELECT " + expression + " AS v")) {
          rs.next();
          ResultSetMetaData m = rs.getMetaData();
          Object object = null;
          try { object = rs.getObject(1); } catch (SQLException e) { }
          System.out.println(String.join(" ¦ ", expression, m.getColumnTypeName(1), "" + m.getColumnType(1), m.getColumnClassName(1),
              m.getPrecision(1) + "," + m.getScale(1) + "," + m.getColumnDisplaySize(1) + "," + m.isSigned(1),
              object == null ? "null" : object.getClass().getSimpleName(), attempt(() -> rs.getObject(1)), attempt(() -> rs.getString(1)),
              attempt(() -> rs.getLong(1)), attempt(() -> rs.getDouble(1)), attempt(() -> rs.getBigDecimal(1)), attempt(() -> rs.getBoolean(1)),
              attempt(() -> rs.getDate(1)), attempt(() -> rs.getTime(1)), attempt(() -> rs.getTimestamp(1)), attempt(() -> rs.getBytes(1)), attempt(() -> rs.getArray(1)),
              "" + rs.wasNull()));
        } catch (SQLException e) {
          System.out.println(expression + " ¦ " + e.getErrorCode() + " " + e.getMessage().replaceAll("#[^)]*", "#"));
        }
      }
    }
    // Idle threads of the driver's HTTP client would keep the process for a minute.
    System.exit(0);
  }
}
