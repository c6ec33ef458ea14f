"""Drives SQLAlchemy and pandas as their users do, in one schema that it makes; prints what it sees, a line each."""

import datetime
import decimal
import sys

import pandas
import sqlalchemy
from sqlalchemy import Column, MetaData, Table, func, inspect, select, text
from sqlalchemy.exc import DBAPIError, NoSuchTableError
from trino.sqlalchemy import URL

host, port = sys.argv[1].split(":")
catalog = sys.argv[2]


def out(name, value):
    print(f"{name} = {value}".replace(catalog, "CATALOG"))


def refused(name, call):
    try:
        out(name, call())
    except DBAPIError as error:
        out(name, f"{type(error).__name__} {error.orig.error_name} {error.orig.message}")
    except NoSuchTableError as error:
        out(name, f"NoSuchTableError {error}")


engine = sqlalchemy.create_engine(URL(host=host, port=int(port), user="me", catalog=catalog, schema="alchemy"))
setup = [
    "CREATE TABLE items (id bigint COMMENT 'the key', name varchar(20), price decimal(10, 2), day date, at timestamp(3), ratio double, flag boolean) COMMENT 'things'",
    "CREATE TABLE kinds (a tinyint, b smallint, c integer, d real, e char(5), f varbinary, g array(integer), h map(varchar, bigint), i row(x integer, y varchar))",
    "INSERT INTO items VALUES (1, 'one', DECIMAL '1.50', DATE '2024-02-29', TIMESTAMP '2024-02-29 01:02:03.456', 0.5E0, true), (2, 'it''s', NULL, NULL, NULL, nan(), NULL), "
    "(3, NULL, DECIMAL '-0.25', DATE '1969-12-31', TIMESTAMP '1969-12-31 23:59:59.999', -1E0, false)",
    "CREATE VIEW dear AS SELECT id, price FROM items WHERE (price > 1)",
]
with engine.connect() as connection:
    connection.execute(text("CREATE SCHEMA alchemy"))
    try:
        for statement in setup:
            connection.execute(text(statement))

        look = inspect(engine)
        out("schemas", "alchemy" in look.get_schema_names())
        out("default schema", look.default_schema_name)
        out("tables", sorted(look.get_table_names()))
        out("tables of schema", sorted(look.get_table_names(schema="alchemy")))
        out("tables of none", look.get_table_names(schema="none"))
        out("views", look.get_view_names(schema="alchemy"))
        out("view definition", " ".join(look.get_view_definition("dear", schema="alchemy").split()).replace(" ,", ","))
        out("has table", [look.has_table(name, schema="alchemy") for name in ["items", "dear", "none"]])
        out("comment", look.get_table_comment("items", schema="alchemy"))
        out("primary key", look.get_pk_constraint("items", schema="alchemy"))
        out("foreign keys", look.get_foreign_keys("items", schema="alchemy"))
        refused("indexes", lambda: look.get_indexes("items", schema="alchemy"))
        for name in ["items", "kinds", "dear"]:
            for column in look.get_columns(name, schema="alchemy"):
                out(f"column of {name}", {**column, "type": repr(column["type"])})
        refused("columns of none", lambda: look.get_columns("none", schema="alchemy"))
        reflected = MetaData()
        reflected.reflect(bind=engine, schema="alchemy", views=True)
        out("reflected", sorted(reflected.tables))

        items = Table("items", MetaData(), schema="alchemy", autoload_with=engine)
        out("all", connection.execute(select(items).order_by(items.c.id)).fetchall())
        out("where", connection.execute(select(items.c.name).where(items.c.id == 2)).fetchall())
        out("in", connection.execute(select(items.c.id).where(items.c.id.in_([1, 3])).order_by(items.c.id)).fetchall())
        out("like", connection.execute(select(items.c.id).where(items.c.name.like("%'%"))).fetchall())
        out("limit", connection.execute(select(items.c.id).order_by(items.c.id).limit(1).offset(1)).fetchall())
        out("date", connection.execute(select(items.c.id).where(items.c.day == datetime.date(2024, 2, 29))).fetchall())
        out("decimal", connection.execute(select(items.c.id).where(items.c.price < decimal.Decimal("0.00"))).fetchall())
        out("at", connection.execute(select(items.c.id).where(items.c.at > datetime.datetime(2000, 1, 1))).fetchall())
        out("group", connection.execute(select(items.c.flag, func.count()).group_by(items.c.flag).order_by(items.c.flag)).fetchall())
        out("join", connection.execute(select(func.count()).select_from(items.join(items.alias("other"), items.c.id < items.alias("other").c.id, isouter=True))).scalar())
        refused("error", lambda: connection.execute(text("SELECT nope\nFROM alchemy.items")).fetchall())

        frame = pandas.read_sql(select(items).order_by(items.c.id), connection)
        out("frame", frame.to_csv(index=False).split("\n"))
        out("frame types", [str(kind) for kind in frame.dtypes])
        out("frame of text", pandas.read_sql("SELECT count(*) AS n FROM alchemy.items", connection).to_dict())
        out("frame of table", pandas.read_sql_table("items", connection, schema="alchemy").shape)
        out("frame with parameters", pandas.read_sql(text("SELECT id FROM alchemy.items WHERE id > :least ORDER BY id"), connection, params={"least": 1}).to_dict())
        chunks = pandas.read_sql(text("SELECT * FROM UNNEST(sequence(1, 10000)) t(x) CROSS JOIN UNNEST(sequence(1, 10)) u(y)"), connection, chunksize=30000)
        out("chunks", [(len(chunk), int(chunk["x"].sum() // 1000)) for chunk in chunks][-1][0])

        made = Table("made", MetaData(), Column("id", sqlalchemy.Integer), Column("name", sqlalchemy.String(20)), Column("at", sqlalchemy.DATE), schema="alchemy")
        made.create(connection)
        connection.execute(made.insert(), [{"id": 1, "name": "it's", "at": datetime.date(2024, 1, 1)}, {"id": 2, "name": None, "at": None}])
        out("made", connection.execute(select(made).order_by(made.c.id)).fetchall())
        made.drop(connection)
        pandas.DataFrame({"x": [1, 2], "y": ["a", "b"]}).to_sql("framed", connection, schema="alchemy", index=False, method="multi")
        out("framed", connection.execute(text("SELECT * FROM alchemy.framed ORDER BY x")).fetchall())

        def framed():
            return connection.execute(text("SELECT * FROM alchemy.framed ORDER BY 1")).fetchall()

        more = pandas.DataFrame({"x": [3, 4], "y": ["it's", None]})
        more.to_sql("framed", connection, schema="alchemy", index=False, if_exists="append")
        out("appended row by row", framed())
        more.to_sql("framed", connection, schema="alchemy", index=False, if_exists="append", method="multi", chunksize=1)
        out("appended in chunks", len(framed()))
        try:
            more.to_sql("framed", connection, schema="alchemy", index=False)
        except ValueError as error:
            out("exists", error)
        kinds = pandas.DataFrame(
            {
                "i": [1, 2],
                "d": [1.5, None],
                "s": ["a", None],
                "t": [True, False],
                "at": [pandas.Timestamp("2024-02-29 01:02:03.456"), None],
                "day": [datetime.date(2024, 2, 29), None],
                "n": [decimal.Decimal("1.25"), None],
            }
        )
        types = {"day": sqlalchemy.Date(), "n": sqlalchemy.Numeric(10, 2), "i": sqlalchemy.Integer()}
        kinds.to_sql("framed", connection, schema="alchemy", index=False, if_exists="replace", dtype=types, method="multi")
        out("replaced", framed())
        out("types of it", [f"{column['name']} {column['type']!r}" for column in inspect(engine).get_columns("framed", schema="alchemy")])
        # pandas makes an index of it, of which Trino knows nothing.
        refused("with an index", lambda: kinds.to_sql("framed", connection, schema="alchemy", index_label="row", if_exists="replace", dtype=types))
        kinds.iloc[:0].to_sql("framed", connection, schema="alchemy", index=False, if_exists="replace", dtype=types)
        out("replaced by nothing", [column["name"] for column in inspect(engine).get_columns("framed", schema="alchemy")])
        out("rows of it", framed())
        out("read back", pandas.read_sql_table("framed", connection, schema="alchemy").shape)
    finally:
        for statement in ["VIEW alchemy.dear", "TABLE alchemy.items", "TABLE alchemy.kinds", "TABLE IF EXISTS alchemy.made", "TABLE IF EXISTS alchemy.framed", "SCHEMA alchemy"]:
            connection.execute(text(f"DROP {statement}"))
