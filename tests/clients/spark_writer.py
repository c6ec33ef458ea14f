"""Writes over JDBC with Spark as its users do: new tables, append, overwrite by DROP and by TRUNCATE; prints what it sees, a line each."""

import datetime
import decimal
import sys

from py4j.protocol import Py4JJavaError
from spark_session import attempt, out, session

host, catalog, jar = sys.argv[1:4]
url = f"jdbc:trino://{host}/{catalog}/sparkled"
spark = session(jar)
connection = spark._jvm.java.sql.DriverManager.getConnection(f"{url}?user=me")
statement = connection.createStatement()
statement.execute(f"CREATE SCHEMA {catalog}.sparkled")


def save(frame, table, mode, **options):
    # Spark's own default is a transaction, in which Trino's catalogs of files write nothing.
    given = {"isolationLevel": "NONE", **options}
    frame.write.format("jdbc").options(url=url, user="me", driver="io.trino.jdbc.TrinoDriver", dbtable=table, **given).mode(mode).save()
    return "saved"


def rows(sql):
    result = statement.executeQuery(sql)
    width = result.getMetaData().getColumnCount()
    found = []
    while result.next():
        found.append(tuple(result.getString(column) for column in range(1, width + 1)))
    return found


def written(name, call):
    attempt(name, call, hide=catalog)


def columns(table):
    return [f"{name} {kind}" for name, kind, *_ in rows(f"DESCRIBE {table}")]


try:
    day = datetime.date(2024, 2, 29)
    at = datetime.datetime(2024, 2, 29, 1, 2, 3, 456000)
    schema = "b boolean, i int, l bigint, sh smallint, ti tinyint, r float, d double, n decimal(12, 2), s string, bin binary, day date, at timestamp"
    kinds = spark.createDataFrame(
        [(True, 1, 2**63 - 1, -2, 3, 1.5, 2.5, decimal.Decimal("1234567890.12"), "it's ü", b"\x00\xff", day, at), (None,) * 12], schema
    ).coalesce(1)
    # Spark has no dialect for Trino: what it calls texts, bytes and truth are no types there.
    for name in ["b", "ti", "s", "bin"]:
        written(f"spark's type of {name}", lambda: save(kinds.select(name), "made", "append"))
    plain = kinds.drop("bin")
    types = "b boolean, s varchar(20), ti tinyint"
    written("made", lambda: save(plain, "made", "append", createTableColumnTypes=types))
    out("columns", columns("made"))
    written("exists", lambda: save(plain, "made", "error"))
    written("ignored", lambda: save(plain, "made", "ignore"))
    out("rows", rows("SELECT * FROM made ORDER BY i"))

    statement.execute("CREATE TABLE every (b boolean, i integer, l bigint, sh smallint, ti tinyint, r real, d double, n decimal(12, 2), s varchar, bin varbinary, day date, at timestamp(3))")
    written("appended", lambda: save(kinds, "every", "append"))
    written("columns in another order", lambda: save(kinds.select("at", "s", "i"), "every", "append"))
    out("every", sorted(rows("SELECT * FROM every"), key=repr))
    back = spark.read.format("jdbc").options(url=url, user="me", driver="io.trino.jdbc.TrinoDriver", dbtable="every").load()
    out("read back", sorted((tuple(row) for row in back.collect()), key=repr))
    # Over JDBC small integers are integers, and floats doubles; the rest has Spark's own types.
    out("types back", [f"{name} {kind}" for name, kind in back.dtypes])

    numbers = spark.createDataFrame([(number, number / 2) for number in range(4)], "id bigint, half double").repartition(2)
    total = "SELECT count(*), sum(id), sum(half) FROM numbers"
    try:
        out("in a transaction", save(numbers, "numbers", "append", isolationLevel="READ_UNCOMMITTED"))
    except Py4JJavaError:
        out("in a transaction", "refused")
    out("left by it", rows(total))
    written("by two tasks", lambda: save(numbers, "numbers", "append", batchsize="1"))
    out("numbers", rows(total))
    written("overwritten", lambda: save(numbers.where("id < 3"), "numbers", "overwrite"))
    out("numbers", rows(total))
    written("truncated", lambda: save(numbers.where("id < 2"), "numbers", "overwrite", truncate="true"))
    out("numbers", rows(total))
    written("other columns", lambda: save(numbers.where("id < 2").select("id"), "numbers", "overwrite"))
    out("columns", columns("numbers"))
    written("a column that is not there", lambda: save(numbers.where("id < 2"), "numbers", "append"))
    written("another type", lambda: save(spark.createDataFrame([("a",)], "id string").coalesce(1), "numbers", "append"))
    written("not null", lambda: save(spark.range(1), "strict", "append"))
    written("options", lambda: save(numbers, "placed", "append", createTableOptions="WITH (nope = 1)"))
    written("format", lambda: save(numbers.where("id = 1"), "placed", "append", createTableOptions="WITH (format = 'PARQUET', partitioned_by = ARRAY['half'])"))
    out("partitions", rows('SELECT * FROM "placed$partitions"'))
    out("tables", rows("SHOW TABLES"))
finally:
    for (table,) in rows("SHOW TABLES"):
        statement.execute(f"DROP TABLE {table}")
    statement.execute(f"DROP SCHEMA {catalog}.sparkled")
    connection.close()
    spark.stop()
