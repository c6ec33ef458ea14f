"""
Spark and Weir on one folder: what Spark writes partitioned into a table's folder Weir sees, and what Weir writes (CREATE TABLE AS, INSERT OVERWRITE,
UNLOAD) Spark reads, with the same rows and types. Speaks to Weir over HTTP; prints a line for each comparison, with both sides where they differ.
"""

import datetime
import decimal
import json
import sys
import urllib.error
import urllib.request

from spark_session import session

url, folder, jar = sys.argv[1:4]
spark = session(jar)
# Keys are what the table says, not what they look like.
spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")


def weir(sql):
    request = urllib.request.Request(f"{url}/api/v1/sql", json.dumps({"sql": sql}).encode(), {"content-type": "application/json"})
    try:
        return json.load(urllib.request.urlopen(request))["rows"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"{sql}: {error.read().decode()}") from error


def same(name, found, expected):
    print(f"{name}: same" if found == expected else f"{name}: found {found}\n  expected {expected}")


def same_frame(name, frame, schema, rows):
    """Spark's types and rows; rows as dictionaries."""
    same(f"{name}, types", [f"{column} {kind}" for column, kind in frame.dtypes], schema)
    same(f"{name}, rows", [row.asDict(recursive=True) for row in frame.orderBy("id").collect()], rows)


TYPES = """id bigint, b boolean, ti tinyint, sh smallint, i int, r float, d double, n decimal(12, 2), wide decimal(38, 10), s string, bin binary, day date, at timestamp,
  list array<int>, words map<string, bigint>, pair struct<x: int, y: string>"""
SCHEMA = f"{TYPES}, dt string, region string"
NAMES = ["id", "b", "ti", "sh", "i", "r", "d", "n", "wide", "s", "bin", "day", "at", "list", "words", "pair"]
COLUMNS = ", ".join(NAMES)
# Weir's timestamps have no zone, as those of Hive.
READ = [
    "id bigint", "b boolean", "ti tinyint", "sh smallint", "i int", "r float", "d double", "n decimal(12,2)", "wide decimal(38,10)", "s string", "bin binary", "day date",
    "at timestamp_ntz", "list array<int>", "words map<string,bigint>", "pair struct<x:int,y:string>",
]
VALUES = (
    True, -1, -2, 3, 1.5, 2.5, decimal.Decimal("1234567890.12"), decimal.Decimal("1234567890123456789012345678.0123456789"), "it's ü", b"\x00\xff",
    datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 1, 2, 3, 456000), [1, None], {"k": 2}, (7, "y"),
)
IN_WEIR = [True, -1, -2, 3, 1.5, 2.5, "1234567890.12", "1234567890123456789012345678.0123456789", "it's ü", "AP8=", "2024-02-29", "2024-02-29 01:02:03.456", [1, None], {"k": 2}, [7, "y"]]
NOTHING = (None,) * len(VALUES)


def as_read(id, values, **keys):
    found = dict(zip(NAMES, (id, *values)))
    if found["pair"] is not None:
        found["pair"] = {"x": 7, "y": "y"}
    return {**found, **keys}


def counts():
    return weir("SELECT dt, region, count(*), sum(id) FROM events GROUP BY dt, region ORDER BY dt, region")


# Spark writes, Weir reads.
table = f"{folder}/events"


def spark_writes(rows, mode, **options):
    spark.createDataFrame(rows, SCHEMA).write.partitionBy("dt", "region").options(**options).mode(mode).parquet(table)


spark_writes([(1, *VALUES, "2024-01-01", "eu"), (2, *NOTHING, "2024-01-01", None), (3, *VALUES, "2024-01-02", "a b/c=d%")], "error")
weir(f"CREATE EXTERNAL TABLE events ({TYPES}) PARTITIONED BY (dt string, region string) STORED AS PARQUET LOCATION 'file://{table}/'")
same(
    "Weir reads what Spark wrote",
    weir("SELECT * FROM events ORDER BY id"),
    [[1, *IN_WEIR, "2024-01-01", "eu"], [2, *NOTHING, "2024-01-01", None], [3, *IN_WEIR, "2024-01-02", "a b/c=d%"]],
)
same("its partitions", weir('SELECT * FROM "events$partitions" ORDER BY dt, region'), [["2024-01-01", "eu"], ["2024-01-01", None], ["2024-01-02", "a b/c=d%"]])
before = [["2024-01-01", "eu", 1, 1], ["2024-01-01", None, 1, 2], ["2024-01-02", "a b/c=d%", 1, 3]]
spark_writes([(4, *VALUES, "2024-01-02", "eu"), (5, *VALUES, "2024-01-03", "us")], "append")
same("appended by Spark", counts(), [*before, ["2024-01-02", "eu", 1, 4], ["2024-01-03", "us", 1, 5]])
spark_writes([(50, *VALUES, "2024-01-03", "us")], "overwrite", partitionOverwriteMode="dynamic")
same("overwritten by Spark", counts(), [*before, ["2024-01-02", "eu", 1, 4], ["2024-01-03", "us", 1, 50]])
spark.createDataFrame([(6, "new", 9, "2024-01-04", "eu")], "id bigint, extra string, i int, dt string, region string").write.partitionBy("dt", "region").mode("append").parquet(table)
weir("ALTER TABLE events ADD COLUMNS (extra string)")
same("a column more", weir("SELECT id, i, extra FROM events WHERE dt > '2024-01-02' ORDER BY id"), [[6, 9, "new"], [50, 3, None]])

# Both write to one table.
weir("INSERT INTO events (id, n, dt, region) VALUES (7, DECIMAL '7.25', '2024-01-03', 'us')")
shared = spark.read.parquet(table).where("dt = '2024-01-03'").select("id", "n", "region").orderBy("id")
same("Spark reads both", [tuple(row) for row in shared.collect()], [(7, decimal.Decimal("7.25"), "us"), (50, VALUES[6], "us")])

# Weir writes, Spark reads.
made = f"{folder}/made"
weir(f"CREATE TABLE made WITH (external_location = 'file://{made}/', partitioned_by = ARRAY['dt', 'region']) AS SELECT {COLUMNS}, dt, region FROM events WHERE id <= 3")
three = [as_read(1, VALUES, dt="2024-01-01", region="eu"), as_read(2, NOTHING, dt="2024-01-01", region=None), as_read(3, VALUES, dt="2024-01-02", region="a b/c=d%")]
same_frame("CREATE TABLE AS", spark.read.parquet(made), [*READ, "dt string", "region string"], three)
# As new tables, so that nothing that was replaced is still in their folders.
weir(f"INSERT OVERWRITE TABLE made PARTITION (dt = '2024-01-05', region) SELECT {COLUMNS}, region FROM events WHERE id IN (4, 2)")
weir(f"INSERT OVERWRITE made SELECT {COLUMNS}, '2024-01-06', region FROM events WHERE id = 50")
added = [as_read(2, NOTHING, dt="2024-01-05", region=None), as_read(4, VALUES, dt="2024-01-05", region="eu"), as_read(50, VALUES, dt="2024-01-06", region="us")]
same_frame("INSERT OVERWRITE", spark.read.parquet(made).where("dt >= '2024-01-05'"), [*READ, "dt string", "region string"], added)
for codec in ["SNAPPY", "ZSTD", "GZIP", "NONE"]:
    to = f"{folder}/unloaded-{codec}"
    weir(f"UNLOAD (SELECT {COLUMNS}, dt FROM made WHERE dt < '2024-01-05') TO 'file://{to}/' WITH (format = 'PARQUET', compression = '{codec}', partitioned_by = ARRAY['dt'])")
    same_frame(f"UNLOAD {codec}", spark.read.parquet(to), [*READ, "dt string"], [{name: value for name, value in row.items() if name != "region"} for row in three])
TEXT = ["id", "b", "i", "d", "n", "s", "day"]
text = spark.read.schema("id bigint, b boolean, i int, d double, n decimal(12, 2), s string, day date, dt string")
text_types = ["id bigint", "b boolean", "i int", "d double", "n decimal(12,2)", "s string", "day date", "dt string"]
for kind, codec, read in [("JSON", "GZIP", text.json), ("TEXTFILE", "NONE", lambda to: text.csv(to, sep="\x01", quote="", nullValue="\\N"))]:
    to = f"{folder}/unloaded-{kind}"
    weir(f"UNLOAD (SELECT {', '.join(TEXT)}, dt FROM made WHERE dt < '2024-01-05') TO 'file://{to}/' WITH (format = '{kind}', compression = '{codec}', partitioned_by = ARRAY['dt'])")
    same_frame(f"UNLOAD {kind}", read(to), text_types, [{name: row[name] for name in [*TEXT, "dt"]} for row in three])
spark.stop()
