import java.sql.Array;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks a SQL endpoint by clickhouse-jdbc with its default options, as DBeaver, Metabase and other JDBC programs do; prints one JSON document
 * of what it says.
 *
 * usage: Client JDBC-URL   (statements by -Djourneys=… and so on)
 */
public final class Client {
  private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS");
  private final Map<String, Object> answers = new LinkedHashMap<>();

  public static void main(String[] arguments) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
    Client client = new Client();
    try (Connection connection = DriverManager.getConnection(arguments[0], "default", "")) {
      client.ask(connection);
      client.metadata(connection.getMetaData());
    }
    System.out.write(json(client.answers).getBytes("UTF-8"));
    System.out.flush();
  }

  private void ask(Connection connection) throws SQLException {
    answers.put("valid", connection.isValid(5));
    for (String name : new String[] {"journeys", "types", "empty", "by state"}) {
      try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(text(name))) {
        if (name.equals("empty")) answers.put("empty columns", columns(result));
        answers.put(name, rows(result));
      }
    }
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(text("journeys"))) {
      List<Object> typed = new ArrayList<>();
      while (result.next()) {
        long hesMs = result.getLong("hes_ms");
        Object known = result.wasNull() ? "NULL" : hesMs;
        OffsetDateTime delivered = result.getObject("delivered_at", OffsetDateTime.class);
        typed.add(List.of(result.getString("message_id"), known, delivered == null ? "NULL" : plain(delivered), result.getInt("hop_count")));
      }
      answers.put("typed", typed);
    }
    String where = "SELECT message_id FROM journeys WHERE sender IN (?, ?) AND hop_count >= ? ORDER BY message_id";
    try (PreparedStatement prepared = connection.prepareStatement(where)) {
      prepared.setString(1, "eve@elsewhere.example");
      prepared.setString(2, "it's \\ nobody");
      prepared.setInt(3, 1);
      answers.put("bound", rows(prepared.executeQuery()));
    }
    try (PreparedStatement prepared = connection.prepareStatement("SELECT ? AS text, ? AS none, ? AS id")) {
      prepared.setString(1, text("text"));
      prepared.setNull(2, Types.VARCHAR);
      prepared.setObject(3, Long.MIN_VALUE);
      answers.put("echo", rows(prepared.executeQuery()));
    }
    String since = "SELECT count() FROM journeys WHERE first_event_at >= ?";
    try (PreparedStatement prepared = connection.prepareStatement(since)) {
      prepared.setObject(1, OffsetDateTime.of(2026, 3, 2, 10, 10, 0, 0, ZoneOffset.UTC).toInstant());
      answers.put("since", rows(prepared.executeQuery()));
    }
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(text("many"))) {
      long count = 0;
      long sum = 0;
      while (result.next()) {
        count++;
        sum += result.getLong(1);
        if (!result.getString(2).equals(Long.toString(result.getLong(1)))) throw new IllegalStateException();
      }
      answers.put("many", List.of(count, sum));
    }
    Map<String, Object> errors = new LinkedHashMap<>();
    for (String sql : new String[] {"SELECT * FROM nowhere", "SELECT no_column FROM journeys", "SELECT 1 +", "DROP TABLE journeys"}) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
        errors.put(sql, "no failure");
      } catch (SQLException error) {
        // 0.9.4 has the server's code in the message only
        Matcher code = Pattern.compile("Code: (\\d+)").matcher(error.getMessage());
        errors.put(sql, error.getErrorCode() != 0 ? error.getErrorCode() : code.find() ? Integer.parseInt(code.group(1)) : error.getMessage());
      }
    }
    answers.put("errors", errors);
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(2);
      answers.put("max rows", rows(statement.executeQuery("SELECT state FROM journeys ORDER BY message_id")).size());
    }
  }

  /** The calls by which a database browser fills its tree and its type list. */
  private void metadata(DatabaseMetaData metadata) throws SQLException {
    answers.put("product", metadata.getDatabaseProductName());
    List<Object> schemas = new ArrayList<>();
    try (ResultSet result = metadata.getSchemas()) {
      while (result.next()) schemas.add(result.getString("TABLE_SCHEM"));
    }
    try (ResultSet result = metadata.getCatalogs()) {
      while (result.next()) schemas.add(result.getString("TABLE_CAT"));
    }
    answers.put("sees hoptime", schemas.contains("hoptime"));
    answers.put("sees the store", schemas.contains("hoptime_store"));
    List<Object> tables = new ArrayList<>();
    try (ResultSet result = metadata.getTables(null, "hoptime", "%", null)) {
      while (result.next()) tables.add(result.getString("TABLE_NAME"));
    }
    answers.put("tables", tables);
    List<Object> columns = new ArrayList<>();
    try (ResultSet result = metadata.getColumns(null, "hoptime", "hops", "%")) {
      while (result.next() && columns.size() < 4)
        columns.add(List.of(result.getString("COLUMN_NAME"), result.getString("TYPE_NAME"), result.getInt("DATA_TYPE")));
    }
    answers.put("columns", columns);
    List<Object> types = new ArrayList<>();
    try (ResultSet result = metadata.getTypeInfo()) {
      while (result.next()) types.add(result.getString("TYPE_NAME"));
    }
    answers.put("knows types", types.containsAll(List.of("String", "DateTime64", "UInt64", "Nullable")));
    try (ResultSet result = metadata.getTableTypes()) {
      answers.put("table types", rows(result).size() > 1);
    }
    try (ResultSet result = metadata.getPrimaryKeys(null, "hoptime", "hops")) {
      answers.put("primary keys", rows(result).size());
    }
    try (ResultSet result = metadata.getIndexInfo(null, "hoptime", "hops", false, false)) {
      answers.put("indexes", rows(result).size());
    }
    try (ResultSet result = metadata.getImportedKeys(null, "hoptime", "hops")) {
      answers.put("imported keys", rows(result).size());
    }
    try (ResultSet result = metadata.getFunctions(null, null, "quantileExact")) {
      answers.put("functions", rows(result).size());
    }
  }

  private static String text(String name) {
    return new String(java.util.Base64.getDecoder().decode(System.getProperty("asked." + name.replace(' ', '-'))), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static List<Object> columns(ResultSet result) throws SQLException {
    ResultSetMetaData metadata = result.getMetaData();
    List<Object> names = new ArrayList<>();
    for (int i = 1; i <= metadata.getColumnCount(); i++) names.add(metadata.getColumnName(i));
    return names;
  }

  private static List<Object> rows(ResultSet result) throws SQLException {
    int width = result.getMetaData().getColumnCount();
    List<Object> rows = new ArrayList<>();
    while (result.next()) {
      List<Object> row = new ArrayList<>();
      for (int i = 1; i <= width; i++) row.add(plain(result.getObject(i)));
      rows.add(row);
    }
    return rows;
  }

  /** What JSON can say: times in UTC with milliseconds, other values as text where JSON has none. */
  private static Object plain(Object value) throws SQLException {
    if (value == null || value instanceof Boolean || value instanceof String) return value;
    // The driver puts the wall clock of the column's zone into a Timestamp, whatever the zone of the program.
    if (value instanceof Timestamp time) return time.toLocalDateTime().format(ISO);
    if (value instanceof ZonedDateTime time) return time.withZoneSameInstant(ZoneOffset.UTC).format(ISO);
    if (value instanceof OffsetDateTime time) return time.withOffsetSameInstant(ZoneOffset.UTC).format(ISO);
    if (value instanceof Array array) return plain(array.getArray());
    if (value instanceof java.sql.Struct struct) return plain(struct.getAttributes());
    if (value instanceof Collection<?> list) return plain(list.toArray());
    if (value.getClass().isArray()) {
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < java.lang.reflect.Array.getLength(value); i++) list.add(plain(java.lang.reflect.Array.get(value, i)));
      return list;
    }
    return value instanceof Integer || value instanceof Double || value instanceof Short || value instanceof Byte ? value : value.toString();
  }

  private static String json(Object value) {
    if (value == null) return "null";
    if (value instanceof Map<?, ?> map) {
      List<String> parts = new ArrayList<>();
      map.forEach((key, item) -> parts.add(json(key) + ":" + json(item)));
      return "{" + String.join(",", parts) + "}";
    }
    if (value instanceof List<?> list) return "[" + String.join(",", list.stream().map(Client::json).toList()) + "]";
    if (value instanceof Number || value instanceof Boolean) return value.toString();
    StringBuilder text = new StringBuilder("\"");
    for (char c : value.toString().toCharArray()) {
      if (c == '"' || c == '\\') text.append('\\').append(c);
      else if (c < ' ') text.append(String.format("\\u%04x", (int) c));
      else text.append(c);
    }
    return text.append('"').toString();
  }
}
