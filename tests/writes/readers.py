"""Reads a folder that Weir wrote as pyarrow does; prints types, rows and what the footers say."""
import glob
import json
import sys

import pyarrow.dataset as ds
import pyarrow.parquet as pq

folder = sys.argv[1]
table = ds.dataset(folder, partitioning=ds.partitioning(flavor="hive")).to_table().sort_by("i")
footers = [pq.ParquetFile(path).metadata for path in sorted(glob.glob(folder + "/**/*.parquet", recursive=True))]
columns = [footer.row_group(0).column(0) for footer in footers]
schema = pq.ParquetFile(sorted(glob.glob(folder + "/**/*.parquet", recursive=True))[0]).schema
print(
    json.dumps(
        {
            "types": {field.name: str(field.type) for field in table.schema},
            "rows": [{name: str(value) for name, value in row.items()} for row in table.to_pylist()],
            "rowsInFiles": sum(footer.num_rows for footer in footers),
            "codecs": sorted({column.compression for column in columns}),
            "statistics": all(column.is_stats_set and column.statistics.has_null_count for column in columns),
            "timestamp": str(schema.column([c.name for c in schema].index("ts")).logical_type),
        }
    )
)
