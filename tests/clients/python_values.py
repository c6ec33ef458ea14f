"""Reads each expression of a file with the Python client; prints what it makes of each, a line of JSON."""

import json
import sys

import trino

host, port = sys.argv[1].split(":")
encoding = sys.argv[3] if len(sys.argv) > 3 else None
connection = trino.dbapi.connect(host=host, port=int(port), user="me", encoding=encoding)
with open(sys.argv[2], encoding="utf-8") as file:
    expressions = file.read().splitlines()
for expression in expressions:
    cursor = connection.cursor()
    try:
        cursor.execute(f"SELECT {expression} AS v")
        [[value]] = cursor.fetchall()
        [column] = cursor.description
        seen = [column.type_code, str(column.precision), str(column.scale), type(value).__name__, repr(value)]
    except trino.exceptions.TrinoQueryError as error:
        seen = [error.error_name, error.message]
    except trino.exceptions.TrinoDataError as error:
        seen = [str(error)]
    print(json.dumps([expression, *seen], ensure_ascii=False))
