"""Reads over JDBC with Spark as its users do: whole tables, partitions, queries, pushed predicates; prints what it sees, a line each."""

import sys

from pyspark.sql import functions as f
from spark_session import attempt, out, session

host, catalog, jar = sys.argv[1:4]
url = f"jdbc:trino://{host}/{catalog}/sparkling"
spark = session(jar)


def reader(**options):
    return spark.read.format("jdbc").options(url=url, user="me", driver="io.trino.jdbc.TrinoDriver", **options)


connection = spark._jvm.java.sql.DriverManager.getConnection(f"{url}?user=me")
statement = connection.createStatement()
statement.execute(f"CREATE SCHEMA {catalog}.sparkling")
try:
    statement.execute(
        "CREATE TABLE numbers AS SELECT id, 'name ' || CAST(id % 7 AS varchar) AS name, CAST(id AS decimal(12, 2)) / 4 AS price, IF(id % 10 = 0, NULL, id) AS maybe, "
        "date_add('day', CAST(id % 30 AS integer), DATE '2024-01-01') AS day, id % 2 = 0 AS even FROM UNNEST(sequence(BIGINT '1', 1000)) AS t(id)"
    )
    statement.execute(
        "CREATE TABLE kinds AS SELECT true AS c_boolean, TINYINT '-1' AS c_tinyint, SMALLINT '2' AS c_smallint, 3 AS c_integer, BIGINT '9223372036854775807' AS c_bigint, "
        "REAL '1.5' AS c_real, 2.5E0 AS c_double, DECIMAL '12345678.90' AS c_decimal, DECIMAL '1234567890123456789012345678.0123456789' AS c_long_decimal, "
        "CAST('it''s ü' AS varchar) AS c_varchar, CAST('ab' AS varchar(20)) AS c_short, CAST('ab' AS char(5)) AS c_char, X'00ff' AS c_binary, DATE '2024-02-29' AS c_date, "
        "TIMESTAMP '2024-02-29 01:02:03.456' AS c_timestamp"
    )
    statement.execute("INSERT INTO kinds SELECT " + ", ".join("NULL" for _ in range(15)))
    statement.execute("CREATE TABLE nested AS SELECT ARRAY[1, 2] AS c_array, MAP(ARRAY['a'], ARRAY[1]) AS c_map, CAST(ROW(1, 'x') AS row(x integer, y varchar)) AS c_row")

    kinds = reader(dbtable="kinds").load()
    out("types", [f"{name} {kind}" for name, kind in kinds.dtypes])
    for row in kinds.orderBy(f.col("c_integer").desc_nulls_last()).collect():
        out("kinds", row.asDict())
    for column in ["c_array", "c_map", "c_row"]:
        attempt(f"nested {column}", lambda: reader(query=f"SELECT {column} FROM nested").load().collect())

    parts = reader(dbtable="numbers", partitionColumn="id", lowerBound="1", upperBound="1001", numPartitions="4", fetchsize="100").load()
    out("partitions", sorted(tuple(row) for row in parts.groupBy(f.spark_partition_id()).agg(f.count("*"), f.min("id"), f.max("id")).collect()))
    out("sums", parts.agg(f.sum("id"), f.sum("price"), f.count("maybe"), f.countDistinct("name"), f.min("day"), f.max("day")).collect())
    out("of a query", reader(dbtable="(SELECT id * 2 AS twice, name FROM numbers WHERE id <= 100) AS q", partitionColumn="twice", lowerBound="0", upperBound="200", numPartitions="3")
        .load().agg(f.count("*"), f.sum("twice")).collect())
    attempt("by day", lambda: reader(dbtable="numbers", partitionColumn="day", lowerBound="2024-01-01", upperBound="2024-01-31", numPartitions="3").load().count())

    numbers = reader(dbtable="numbers").load()
    out("count", numbers.count())
    pushed = numbers.where((f.col("id") <= 50) & f.col("name").like("name 3%") & f.col("even").isin(True) & f.col("maybe").isNotNull()).select("id", "name")
    out("plan", "PushedFilters: [" in pushed._jdf.queryExecution().executedPlan().toString())
    out("pushed", [tuple(row) for row in pushed.orderBy("id").collect()])
    out("decimal pushed", numbers.where(f.col("price") == 25).select("id").collect())
    out("string pushed", numbers.where((f.col("name") == "name 1") & (f.col("id") < 20)).select("id").orderBy("id").collect())
    out("starts with", numbers.where(f.col("name").startswith("name 1")).count())
    out("nothing", numbers.where(f.col("id") < 0).collect())
    attempt("day pushed", lambda: numbers.where(f.col("day") >= "2024-01-30").count())
    out("day not pushed", reader(dbtable="numbers", pushDownPredicate="false").load().where(f.col("day") >= "2024-01-30").count())
    out("query", reader(query="SELECT name, count(*) AS n FROM numbers GROUP BY name").load().orderBy("name").collect())
    spark.conf.set("spark.sql.catalog.weir", "org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCTableCatalog")
    for key, value in {"url": url, "user": "me", "driver": "io.trino.jdbc.TrinoDriver", "pushDownAggregate": "true", "pushDownLimit": "true"}.items():
        spark.conf.set(f"spark.sql.catalog.weir.{key}", value)
    out("catalog", sorted(row.tableName for row in spark.sql("SHOW TABLES IN weir.sparkling").collect()))
    out("catalog query", spark.sql("SELECT name, max(id) AS most FROM weir.sparkling.numbers WHERE id > 500 GROUP BY name ORDER BY name").collect())
    out("catalog limit", len(spark.sql("SELECT id FROM weir.sparkling.numbers LIMIT 5").collect()))
    attempt("error", lambda: reader(query="SELECT nope FROM numbers").load().collect())
finally:
    for table in ["numbers", "kinds", "nested"]:
        statement.execute(f"DROP TABLE IF EXISTS {table}")
    statement.execute(f"DROP SCHEMA {catalog}.sparkling")
    connection.close()
    spark.stop()
