/** Browses one schema with trino-jdbc as database tools do: every call of DatabaseMetaData; prints what each gives, a line each. */
import java.lang.reflect.*;
import java.sql.*;
import java.util.*;

public class JdbcMetadata {
  interface Call { ResultSet rows() throws SQLException; }

  static final List<String> TABLES = List.of(
      "TABLE a_b (id bigint COMMENT 'the key', name varchar) COMMENT 'one'",
      "TABLE axb (id integer)",
      "TABLE kinds (c_boolean boolean, c_tinyint tinyint, c_smallint smallint, c_integer integer, c_bigint bigint, c_real real, c_double double,"
          + " c_decimal decimal(10, 2), c_long_decimal decimal(38, 10), c_varchar varchar, c_short varchar(20), c_char char(5), c_binary varbinary, c_date date,"
          + " c_timestamp timestamp(3), c_array array(integer), c_map map(varchar, bigint), c_row row(x integer, y varchar))",
      "VIEW v AS SELECT id, name label FROM a_b");

  static String catalog;

  static void out(String name, String value) { System.out.println((name + " = " + value).replace(catalog, "CATALOG")); }

  static String refusal(Throwable e) { return e.getClass().getSimpleName() + " " + ("" + e.getMessage()).replaceAll("#[^)]*", "#"); }

  /** Columns with their types, then the rows. */
  static void list(String name, Call call) {
    try (ResultSet rs = call.rows()) {
      ResultSetMetaData m = rs.getMetaData();
      StringJoiner columns = new StringJoiner(", ");
      for (int i = 1; i <= m.getColumnCount(); i++) columns.add(m.getColumnLabel(i) + " " + m.getColumnTypeName(i).replaceAll("(?<=^varchar)\\(\\d+\\)$", ""));
      out(name, columns.toString());
      while (rs.next()) {
        StringJoiner row = new StringJoiner(" ¦ ");
        // Statements in results are laid out as each server likes.
        for (int i = 1; i <= m.getColumnCount(); i++) row.add(("" + rs.getString(i)).strip().replaceAll("\\s+", " ").replace(" , ", ", "));
        out(name, row.toString());
      }
    } catch (SQLException e) { out(name, refusal(e)); }
  }

  static void columnsOnly(String name, Call call) {
    list(name, () -> {
      ResultSet rs = call.rows();
      int n = 0;
      while (rs.next()) n++;
      out(name + " is not empty", "" + (n > 0));
      return rs;
    });
  }

  /** What the driver says without arguments, apart from where and who it is. */
  static void properties(DatabaseMetaData d) throws Exception {
    Set<String> others = Set.of("getURL", "getConnection", "isWrapperFor", "getUserName");
    Method[] methods = DatabaseMetaData.class.getMethods();
    Arrays.sort(methods, Comparator.comparing(Method::getName));
    for (Method m : methods) {
      if (m.getParameterCount() > 0 || m.getReturnType() == ResultSet.class || others.contains(m.getName())) continue;
      try { out(m.getName(), "" + m.invoke(d)); } catch (InvocationTargetException e) { out(m.getName(), refusal(e.getCause())); }
    }
  }

  public static void main(String[] args) throws Exception {
    catalog = args[1];
    Properties p = new Properties();
    p.setProperty("user", "me");
    try (Connection c = DriverManager.getConnection("jdbc:trino://" + args[0] + "/" + catalog + "/browse", p); Statement s = c.createStatement()) {
      s.execute("CREATE SCHEMA " + catalog + ".browse");
      s.execute("CREATE SCHEMA " + catalog + ".browse_other");
      try {
        for (String definition : TABLES) s.execute("CREATE " + definition);
        browse(c, c.getMetaData());
        tools(c);
      } finally {
        for (int i = TABLES.size(); i-- > 0;) s.execute("DROP " + String.join(" ", Arrays.copyOf(TABLES.get(i).split(" "), 2)));
        s.execute("DROP SCHEMA " + catalog + ".browse");
        s.execute("DROP SCHEMA " + catalog + ".browse_other");
      }
    }
    // Idle threads of the driver's HTTP client would keep the process for a minute.
    System.exit(0);
  }

  static void browse(Connection c, DatabaseMetaData d) throws Exception {
    String k = catalog;
    properties(d);
    columnsOnly("getCatalogs", () -> d.getCatalogs());
    columnsOnly("getSchemas", () -> d.getSchemas());
    columnsOnly("getSchemas(null, null)", () -> d.getSchemas(null, null));
    list("getSchemas(k, browse)", () -> d.getSchemas(k, "browse"));
    list("getSchemas(k, browse%)", () -> d.getSchemas(k, "browse%"));
    list("getSchemas(k, browse\\_other)", () -> d.getSchemas(k, "browse\\_other"));
    list("getSchemas(k, brows_)", () -> d.getSchemas(k, "brows_"));
    list("getSchemas(none, null)", () -> d.getSchemas("none", null));
    list("getSchemas('', null)", () -> d.getSchemas("", null));
    list("getTableTypes", () -> d.getTableTypes());
    list("getTypeInfo", () -> d.getTypeInfo());
    for (String[] types : new String[][] {null, {"TABLE"}, {"VIEW"}, {"TABLE", "VIEW"}, {"SYSTEM TABLE"}, {}}) {
      list("getTables(k, browse, null, " + Arrays.toString(types) + ")", () -> d.getTables(k, "browse", null, types));
    }
    for (String pattern : new String[] {"%", "a_b", "a\\_b", "a%", "A_B", "none", "", "it's", "%\\%%"}) {
      list("getTables(k, browse, " + pattern + ")", () -> d.getTables(k, "browse", pattern, null));
      list("getTables(null, browse, " + pattern + ")", () -> d.getTables(null, "browse", pattern, new String[] {"TABLE", "VIEW"}));
    }
    list("getTables(k, brows_, a_b)", () -> d.getTables(k, "brows_", "a\\_b", null));
    list("getTables('', browse, null)", () -> d.getTables("", "browse", null, null));
    list("getTables(none, browse, null)", () -> d.getTables("none", "browse", null, null));
    list("getTables(k, '', null)", () -> d.getTables(k, "", null, null));
    columnsOnly("getTables(null, null, null)", () -> d.getTables(null, null, null, null));
    list("getColumns(k, browse, kinds, null)", () -> d.getColumns(k, "browse", "kinds", null));
    list("getColumns(k, browse, a\\_b, %)", () -> d.getColumns(k, "browse", "a\\_b", "%"));
    list("getColumns(null, browse, a_b, i_)", () -> d.getColumns(null, "browse", "a_b", "i_"));
    list("getColumns(k, browse, v, null)", () -> d.getColumns(k, "browse", "v", null));
    list("getColumns(k, browse, null, c\\_d%)", () -> d.getColumns(k, "browse", null, "c\\_d%"));
    list("getColumns(k, browse, none, null)", () -> d.getColumns(k, "browse", "none", null));
    list("getColumns(k, browse, '', '')", () -> d.getColumns(k, "browse", "", ""));
    columnsOnly("getColumns(system, runtime, queries, null)", () -> d.getColumns("system", "runtime", "queries", null));
    list("getPrimaryKeys", () -> d.getPrimaryKeys(k, "browse", "a_b"));
    list("getImportedKeys", () -> d.getImportedKeys(k, "browse", "a_b"));
    list("getExportedKeys", () -> d.getExportedKeys(k, "browse", "a_b"));
    list("getCrossReference", () -> d.getCrossReference(k, "browse", "a_b", k, "browse", "axb"));
    list("getIndexInfo", () -> d.getIndexInfo(k, "browse", "a_b", false, true));
    list("getBestRowIdentifier", () -> d.getBestRowIdentifier(k, "browse", "a_b", 0, true));
    list("getVersionColumns", () -> d.getVersionColumns(k, "browse", "a_b"));
    list("getTablePrivileges", () -> d.getTablePrivileges(k, "browse", "a_b"));
    list("getColumnPrivileges", () -> d.getColumnPrivileges(k, "browse", "a_b", "%"));
    list("getProcedures", () -> d.getProcedures(k, "browse", "%"));
    list("getProcedureColumns", () -> d.getProcedureColumns(k, "browse", "%", "%"));
    list("getFunctions", () -> d.getFunctions(k, "browse", "%"));
    list("getFunctionColumns", () -> d.getFunctionColumns(k, "browse", "%", "%"));
    list("getUDTs", () -> d.getUDTs(k, "browse", "%", null));
    list("getSuperTypes", () -> d.getSuperTypes(k, "browse", "%"));
    list("getSuperTables", () -> d.getSuperTables(k, "browse", "%"));
    list("getAttributes", () -> d.getAttributes(k, "browse", "%", "%"));
    list("getPseudoColumns", () -> d.getPseudoColumns(k, "browse", "%", "%"));
    list("getClientInfoProperties", () -> d.getClientInfoProperties());
  }

  /** What tools send beside: DBeaver, DataGrip, Metabase. */
  static void tools(Connection c) throws SQLException {
    for (String sql : new String[] {
      "SHOW TABLES FROM \"" + catalog + "\".\"browse\"", "SHOW TABLES FROM \"browse\" LIKE 'a%'", "DESCRIBE \"" + catalog + "\".\"browse\".\"kinds\"",
      "SHOW COLUMNS FROM v", "SELECT current_timezone() as \"time-zone\"", "SELECT * FROM a_b WHERE 1 = 0", "SELECT count(*) FROM kinds",
      "SELECT * FROM information_schema.views WHERE table_schema = 'browse'", "EXPLAIN (TYPE VALIDATE) SELECT * FROM v",
    }) {
      list(sql, () -> c.createStatement().executeQuery(sql));
      try (PreparedStatement ps = c.prepareStatement(sql)) { list("prepared " + sql, () -> ps.executeQuery()); }
    }
    try (ResultSet rs = c.prepareStatement("SHOW CREATE VIEW v").executeQuery()) {
      rs.next();
      out("SHOW CREATE VIEW", rs.getMetaData().getColumnLabel(1) + " " + rs.getString(1).replaceAll("\\s+", " ").replace(" , ", ", "));
    }
    c.setSchema("browse_other");
    list("after setSchema", () -> c.createStatement().executeQuery("SELECT current_catalog, current_schema"));
    c.setReadOnly(true);
    list("read only", () -> c.createStatement().executeQuery("SELECT 1"));
    c.setReadOnly(false);
    c.setSchema("browse");
  }
}
