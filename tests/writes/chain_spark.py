"""Reads folders that hold what Weir unloaded with PySpark: `chain_spark.py <folder>…`; prints types and rows of each as JSON, a line each."""
import json
import sys

from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
for folder in sys.argv[1:]:
    frame = spark.read.parquet(folder).orderBy("id")
    rows = [[str(value) for value in row.asDict(recursive=True).values()] for row in frame.collect()]
    print(json.dumps({"types": [f"{name} {kind}" for name, kind in frame.dtypes], "rows": rows}))
spark.stop()
