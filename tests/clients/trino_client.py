"""Drives the Python client `trino` as its users do; prints one JSON object of what it saw."""

import datetime
import decimal
import json
import sys
import uuid

import trino

host, port = sys.argv[1].split(":")
seen = {}


def connect(**options):
    return trino.dbapi.connect(host=host, port=int(port), user="alice", catalog="lake", schema="sample", **options)


def query(connection, sql, parameters=None):
    cursor = connection.cursor()
    cursor.execute(sql, parameters) if parameters is not None else cursor.execute(sql)
    return cursor.fetchall()


connection = connect()
values = [1, True, None, "it's", 1.5, decimal.Decimal("1.50"), b"\x01\x02", datetime.date(2024, 2, 29),
          datetime.datetime(2024, 1, 2, 3, 4, 5, 678000), datetime.time(1, 2, 3), uuid.UUID("12151fd2-7586-11e9-8f9e-2a86e4085a59"),
          [1, 2], {"a": 1}]
[row] = query(connection, "SELECT " + ", ".join("?" for _ in values), values)
seen["round_trip"] = [repr(value) for value, got in zip(values, row) if value != got]
[row] = query(connection, "SELECT ROW(1, 'x'), nan(), 9223372036854775807, TIMESTAMP '2024-01-02 03:04:05.123456 America/New_York', INTERVAL '2' DAY")
seen["types"] = [str(value) for value in row]
seen["filtered"] = query(connection, "SELECT id FROM trips WHERE id >= ? ORDER BY id LIMIT ?", [5, 2])
rows = query(connection, "SELECT (a.x - 1) * 200 + b.x FROM UNNEST(sequence(1, 1000)) a(x), UNNEST(sequence(1, 200)) b(x)")
seen["big"] = [len(rows), sum(value for [value] in rows)]
rows_sql = ("SELECT a.x * 100 + b.x AS id, 'row ' || CAST(a.x AS varchar), CAST(b.x AS decimal(10, 2)) / 7, DATE '2024-01-01', IF(b.x % 5 = 0, NULL, ARRAY[a.x, b.x]) "
            "FROM UNNEST(sequence(1, 500)) a(x), UNNEST(sequence(1, 100)) b(x) ORDER BY 1")
direct = query(connect(encoding=None), rows_sql)
seen["spooled"] = {encoding: query(connect(encoding=encoding), rows_sql) == direct for encoding in ["json", "json+lz4", "json+zstd"]}
seen["direct"] = len(direct)
try:
    query(connection, "SELECT\n nope FROM trips")
except trino.exceptions.TrinoUserError as error:
    seen["error"] = [error.error_name, error.error_code, error.error_type]
cursor = connection.cursor()
cursor.execute("SELECT id, name AS label FROM trips")
seen["description"] = [[column.name, column.type_code] for column in cursor.description]
cursor.fetchone()
cursor.cancel()
seen["describe"] = [[column.name, column.table, column.type, column.aliased] for column in connection.cursor().describe("SELECT id, name AS label FROM trips")]
seen["legacy"] = query(connect(legacy_prepared_statements=True), "SELECT ?, ?", [5, "x"])
transaction = connect(isolation_level=trino.transaction.IsolationLevel.READ_COMMITTED)
seen["transaction"] = query(transaction, "SELECT count(*) FROM trips")
transaction.commit()
seen["property"] = query(connect(session_properties={"query_max_run_time": "1m"}), "SHOW SESSION LIKE 'query_max_run_time'")[0][1]
seen["zone"] = query(connect(timezone="Asia/Tokyo"), "SELECT current_timezone()")
print(json.dumps(seen))
