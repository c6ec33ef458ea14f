{{ config(
    materialized='incremental',
    pre_hook="set session lake.insert_existing_partitions_behavior = 'OVERWRITE'",
    properties={'format': "'PARQUET'", 'partitioned_by': "ARRAY['day']"}
) }}
select count(*) as items, sum(amount) as total, day from {{ ref('raw_items') }} group by day
