{{ config(materialized='incremental', incremental_strategy='append', properties={'partitioned_by': "ARRAY['day']"}) }}
select id, name, day from {{ ref('raw_items') }}
{% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}
