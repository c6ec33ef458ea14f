"""The Spark session that the programs for Spark share, and how they print what they see: a line each."""

import re

from py4j.protocol import Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession


def session(jar):
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.extraClassPath", jar)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    return spark


def out(name, value):
    print(f"{name} = {value}")


def attempt(name, call, hide="\n"):
    """Prints what `call` gives, or the innermost reason why it fails, without what differs from run to run and the name `hide`."""
    try:
        out(name, call())
    except (Py4JJavaError, PySparkException) as error:
        cause = error.java_exception if isinstance(error, Py4JJavaError) else error
        while isinstance(error, Py4JJavaError) and cause.getCause() is not None:
            cause = cause.getCause()
        # Places are those of the statement as each server lays it out; which partition fails first is chance.
        message = re.sub(r"line \d+:\d+: ", "", str(cause).split("\n")[0].split("): ")[-1])
        message = re.sub(r"(?<=: date )[<>=]+ .*", "", message)
        # Trino keeps the spelling of a type that it does not know.
        message = re.sub(r"(?<=Unknown type ')\w+", lambda found: found[0].lower(), message)
        out(name, message.replace(hide, "CATALOG"))
