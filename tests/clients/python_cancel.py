"""Cancels a query of the Python client from another thread, then lets one run out of time; prints what each ended with and within how many seconds."""

import json
import sys
import threading
import time

import trino

host, port = sys.argv[1].split(":")


def end(connection, cancel_after):
    cursor = connection.cursor()
    canceled = []

    def cancel():
        canceled.append(time.monotonic())
        cursor.cancel()

    timer = threading.Timer(cancel_after, cancel) if cancel_after else None
    if timer:
        timer.start()
    try:
        cursor.execute(sys.argv[2])
        result = cursor.fetchall()
    except trino.exceptions.Error as error:
        result = getattr(error, "error_name", None) or f"{type(error).__name__}: {error}"
    return [result, time.monotonic() - canceled[0] if canceled else 0]


def connect(**options):
    return trino.dbapi.connect(host=host, port=int(port), user="me", **options)


print(json.dumps([end(connect(), 1.5), end(connect(session_properties={"query_max_run_time": "1s"}), None)]))
