"""DuckDB over pyarrow's S3: one JSON line in, {"sql": ...}; one out, {"ms": ..., "rows": ...}. Tables as arguments."""

import json
import os
import sys
import time

import duckdb
import pyarrow.dataset
import pyarrow.fs

connection = duckdb.connect()
for line in sys.stdin:
    request = json.loads(line)
    try:
        if "location" in request:
            store = pyarrow.fs.S3FileSystem(
                access_key=os.environ["AWS_ACCESS_KEY_ID"],
                secret_key=os.environ["AWS_SECRET_ACCESS_KEY"],
                endpoint_override=os.environ["AWS_ENDPOINT_URL_S3"],
                region="us-east-1",
            )
            connection.execute("CREATE SCHEMA tpch")
            for table in sys.argv[1:]:
                path = request["location"].replace("s3://", "") + table
                connection.register(f"{table}_files", pyarrow.dataset.dataset(path, filesystem=store, format="parquet"))
                connection.execute(f"CREATE VIEW tpch.{table} AS SELECT * FROM {table}_files")
            answer = {}
        else:
            started = time.perf_counter()
            rows = connection.execute(request["sql"]).fetchall()
            answer = {"ms": (time.perf_counter() - started) * 1000, "rows": len(rows)}
    except Exception as error:
        answer = {"error": str(error)[:500]}
    print(json.dumps(answer), flush=True)
