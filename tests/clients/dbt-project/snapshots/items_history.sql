{% snapshot items_history %}
{{ config(target_schema='shop', unique_key='id', strategy='timestamp', updated_at='changed_at') }}
select id, name, amount, cast(day as timestamp(3)) as changed_at from {{ ref('items') }}
{% endsnapshot %}
