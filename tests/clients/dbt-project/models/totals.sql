select count(*) as items, sum(amount) as total from {{ ref('priced_items') }}
