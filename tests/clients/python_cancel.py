"""Cancels a query of the Python client from another thread, then lets one run out of time; prints what each ended with."""

import json
import sys
import threading

import trino

host, port = sys.argv[1].split(":")


def end(connection, cancel_after):
    cursor = connection.cursor()
    ended = threading.Event()

    def cancel():
        # Again and again: on a busy machine the query may not have begun.
        while not ended.wait(cancel_after):
            try:
                cursor.cancel()
            except trino.exceptions.Error:
                pass

    if cancel_after:
        threading.Thread(target=cancel, daemon=True).start()
    try:
        cursor.execute(sys.argv[2])
        result = cursor.fetchall()
    except trino.exceptions.Error as error:
        result = getattr(error, "error_name", None) or f"{type(error).__name__}: {error}"
    finally:
        ended.set()
    return result


def connect(**options):
    return trino.dbapi.connect(host=host, port=int(port), user="me", **options)


print(json.dumps([end(connect(), 1.5), end(connect(session_properties={"query_max_run_time": "1s"}), None)]))
