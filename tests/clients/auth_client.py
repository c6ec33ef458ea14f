"""Logs in as users of the Python client do: HOST PORT CERTIFICATE TOKEN; prints what came of each way as JSON."""
import json
import os
import sys

import trino
from trino.auth import BasicAuthentication, JWTAuthentication

# requests prefers them to `verify`.
for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
    os.environ.pop(name, None)

host, port, certificate, token = sys.argv[1:5]


def result(**options):
    try:
        with trino.dbapi.connect(host=host, port=int(port), http_scheme="https", **{"verify": certificate, **options}) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT current_user, count(*) FROM UNNEST(sequence(1, 9999))")
            return cursor.fetchone()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(json.dumps({
    "password": result(auth=BasicAuthentication("alice", "wonderland")),
    "token": result(auth=JWTAuthentication(token)),
    "password and user": result(auth=BasicAuthentication("alice", "wonderland"), user="alice"),
    "wrong password": result(auth=BasicAuthentication("alice", "wrong")),
    "expired token": result(auth=JWTAuthentication(sys.argv[5])),
    "nothing": result(user="alice"),
    "impersonated": result(auth=BasicAuthentication("dashboard", "shiny"), user="alice"),
    "not impersonated": result(auth=BasicAuthentication("alice", "wonderland"), user="bob"),
    "unknown certificate": result(auth=BasicAuthentication("alice", "wonderland"), verify=True),
}))
