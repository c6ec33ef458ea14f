"""Reads what Weir unloaded with pyarrow: `chain_reader.py <location> [endpoint]`; prints types and rows as JSON."""
import json
import sys

import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow import fs

location, endpoint = [*sys.argv[1:], ""][:2]
if location.startswith("s3://"):
    # Keys come from the environment.
    files = fs.S3FileSystem(endpoint_override=endpoint, scheme="http", region="us-east-1")
elif location.startswith("gs://"):
    files = fs.GcsFileSystem(anonymous=True, scheme="http", endpoint_override=endpoint)
else:
    files = fs.LocalFileSystem()
keys = ds.partitioning(pa.schema([("dt", pa.string())]), flavor="hive")
table = ds.dataset(location.split("://")[1], filesystem=files, format="parquet", partitioning=keys).to_table().sort_by("id")
print(
    json.dumps(
        {
            "types": [f"{field.name} {field.type}" for field in table.schema],
            "rows": [[str(value) for value in row.values()] for row in table.to_pylist()],
        }
    )
)
