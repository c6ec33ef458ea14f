"""Reads a query with the Python client; prints its rows, the sum of the first column, milliseconds and those of the processor, or the error. Repeats on demand."""

import sys
import time

import trino

host, port = sys.argv[1].split(":")
encoding = None if sys.argv[2] == "none" else sys.argv[2]
properties = dict([sys.argv[5].split(":")]) if len(sys.argv) > 5 else None
for _ in range(int(sys.argv[4]) if len(sys.argv) > 4 else 1):
    started, used = time.monotonic(), time.process_time()
    connection = trino.dbapi.connect(host=host, port=int(port), user="me", encoding=encoding, session_properties=properties)
    cursor = connection.cursor()
    try:
        cursor.execute(sys.argv[3])
        rows = total = 0
        while batch := cursor.fetchmany(10000):
            rows += len(batch)
            total += sum(row[0] for row in batch)
        print(rows, total, round((time.monotonic() - started) * 1000), round((time.process_time() - used) * 1000), flush=True)
    except Exception as error:
        print(f"error: {type(error).__name__}: {error}".split("\n")[0], flush=True)
