{{ config(materialized='view') }}
select id, amount from {{ ref('items') }} where amount > 1
