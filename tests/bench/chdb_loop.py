"""chdb for the benchmark: one JSON request a line, one JSON answer a line. Arguments: names of tables."""

import json
import os
import sys
import time

from chdb import session

clickhouse = session.Session()
clickhouse.query("SET join_use_nulls = 1")
for line in sys.stdin:
    request = json.loads(line)
    try:
        if "location" in request:
            keys = f"'{os.environ['AWS_ACCESS_KEY_ID']}', '{os.environ['AWS_SECRET_ACCESS_KEY']}'"
            clickhouse.query("CREATE DATABASE tpch")
            for table in sys.argv[1:]:
                source = f"s3('{request['location']}{table}/*.parquet', {keys}, 'Parquet')"
                clickhouse.query(f"CREATE VIEW tpch.{table} AS SELECT * FROM {source}")
            answer = {}
        else:
            started = time.perf_counter()
            result = clickhouse.query(request["sql"], "JSONCompactEachRow")
            text = result.data()
            answer = {"ms": (time.perf_counter() - started) * 1000, "rows": text.count("\n")}
    except Exception as error:
        answer = {"error": str(error)[:500]}
    print(json.dumps(answer), flush=True)
