import { describe, expect, it } from 'vitest'
import { errorText, planText } from '#tests/support/analysis'

describe('windows', () => {
  it('makes one node of calls over the same partitions and order, whatever their frames', () => {
    expect(
      planText(`SELECT id, sum(total) OVER w, count(*) OVER (w ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING), max(id) OVER ()
                FROM orders WINDOW w AS (PARTITION BY customer ORDER BY dt DESC)`),
    ).toBe(`
Output[id, _col1 := sum, _col2 := count, _col3 := max]
  Project[id, sum, count, max]
    Window[max := max(id)]
      Window[partition by customer; order by dt DESC NULLS LAST; sum := sum(total); count := count(*) ROWS BETWEEN BIGINT '1' PRECEDING AND BIGINT '2' FOLLOWING]
        TableScan[default.orders; id, customer, status, total, placed, items, tags, ship, dt]
`)
  })

  it('works on the groups of an aggregation', () => {
    expect(planText('SELECT status, rank() OVER (ORDER BY sum(total) DESC), sum(sum(total)) OVER () FROM orders GROUP BY status')).toBe(`
Output[status, _col1 := rank, _col2 := sum_1]
  Project[status, rank, sum_1]
    Window[sum_1 := sum(sum)]
      Window[order by sum DESC NULLS LAST; rank := rank()]
        Aggregate[status; sum := sum(total)]
          TableScan[default.orders; id, customer, status, total, placed, items, tags, ship, dt]
`)
  })

  it('computes the same call once', () => {
    const text = planText('SELECT rank() OVER (ORDER BY id), rank() OVER (ORDER BY id) + 1 FROM orders ORDER BY rank() OVER (ORDER BY id)')
    expect(text.match(/rank := rank\(\)/g)).toHaveLength(1)
  })

  it('keeps null treatment, frames of groups and of ranges, exclusion of nobody', () => {
    expect(planText('SELECT first_value(total) IGNORE NULLS OVER (ORDER BY id GROUPS 2 PRECEDING) FROM orders')).toContain(
      "first_value := first_value(total) IGNORE NULLS GROUPS BETWEEN BIGINT '2' PRECEDING AND CURRENT ROW]",
    )
    expect(planText("SELECT sum(total) OVER (ORDER BY dt RANGE INTERVAL '1' MONTH PRECEDING) FROM orders")).toContain(
      "RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND CURRENT ROW]",
    )
  })

  it('refuses wrong frames and references', () => {
    const over = (specification: string): string => errorText(`SELECT sum(total) OVER (${specification}) FROM orders`)
    expect(over('ROWS BETWEEN UNBOUNDED FOLLOWING AND UNBOUNDED FOLLOWING')).toBe(
      'INVALID_WINDOW_FRAME: line 1:25: Window frame start cannot be UNBOUNDED FOLLOWING',
    )
    expect(over('ROWS BETWEEN 1 FOLLOWING AND CURRENT ROW')).toBe(
      'INVALID_WINDOW_FRAME: line 1:25: Window frame starting from FOLLOWING cannot end with CURRENT ROW',
    )
    expect(over('ROWS BETWEEN CURRENT ROW AND UNBOUNDED PRECEDING')).toBe(
      'INVALID_WINDOW_FRAME: line 1:25: Window frame end cannot be UNBOUNDED PRECEDING',
    )
    expect(errorText('SELECT sum(total) OVER v FROM orders')).toBe('INVALID_WINDOW_REFERENCE: line 1:24: Cannot resolve WINDOW name v')
    expect(errorText('SELECT id, rank() OVER (ORDER BY total) FROM orders GROUP BY id')).toBe(
      "EXPRESSION_NOT_AGGREGATE: line 1:34: ORDER BY expression 'total' must be an aggregate expression or appear in GROUP BY clause",
    )
  })
})
