{{ config(materialized='ephemeral') }}
select id, amount from {{ ref('raw_items') }} where amount is not null
