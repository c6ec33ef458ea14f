import { describe, expect, it } from 'vitest'
import { BIGINT, DATE, INTEGER, VARCHAR } from '#src/types/type'
import { analyzeText, errorText, outputTypes, planText } from '#tests/support/analysis'

describe('ORDER BY and limits', () => {
  it('sees the names of the select list before those of FROM', () => {
    expect(planText('SELECT id AS customer FROM orders ORDER BY customer')).toContain('Sort[id ASC NULLS LAST]')
  })

  it('carries what only the order needs, and drops it behind the limit', () => {
    expect(planText('SELECT status FROM orders ORDER BY total DESC NULLS FIRST, id LIMIT 5')).toBe(`
Output[status]
  Project[status]
    Limit[5]
      Sort[total DESC NULLS FIRST, id ASC NULLS LAST]
        Project[status, id, total]
          TableScan[default.orders; id, customer, status, total, placed, items, tags, ship, dt]
`)
  })

  it('ignores the order of a subquery unless it has a limit', () => {
    expect(planText('SELECT * FROM (SELECT id FROM customers ORDER BY id)')).not.toContain('Sort[')
    expect(planText('SELECT * FROM (SELECT id FROM customers ORDER BY id LIMIT 1)')).toContain('Sort[')
    expect(planText('SELECT id FROM customers ORDER BY id')).toContain('Sort[')
  })

  it('removes duplicates before sorting', () => {
    expect(planText('SELECT DISTINCT country, id % 2 AS odd FROM customers ORDER BY odd, country')).toBe(`
Output[country, odd]
  Sort[odd ASC NULLS LAST, country ASC NULLS LAST]
    Aggregate[country, odd]
      Project[country, odd := id % BIGINT '2']
        TableScan[default.customers; id, name, country, score]
`)
  })

  it('reads counts from parameters', () => {
    const parameters = [
      { type: BIGINT, value: 3n },
      { type: INTEGER, value: 10n },
    ]
    expect(planText('SELECT id FROM customers OFFSET ? FETCH FIRST ? ROWS ONLY', { parameters })).toContain('Limit[10, offset 3]')
    expect(errorText('SELECT 1 LIMIT ?', { parameters: [{ type: BIGINT, value: -1n }] })).toBe(
      'NUMERIC_VALUE_OUT_OF_RANGE: line 1:10: LIMIT row count must be greater or equal to 0 (actual value: -1)',
    )
    expect(errorText('SELECT 1 LIMIT ?', { parameters: [{ type: VARCHAR, value: '1' }] })).toBe(
      'TYPE_MISMATCH: line 1:16: Cannot cast type varchar to bigint',
    )
    expect(errorText('SELECT 1 LIMIT ?')).toBe(
      'INVALID_PARAMETER_USAGE: line 1:16: Incorrect number of parameters: no value for parameter 1',
    )
  })
})

describe('constants', () => {
  it('reads parameters as typed constants', () => {
    const parameters = [{ type: DATE, value: 19_000n }]
    expect(planText('SELECT id FROM orders WHERE dt = ?', { parameters })).toContain("Filter[dt = DATE '2022-01-08']")
  })

  it('folds the current time of the session into the plan', () => {
    const sql =
      'SELECT current_date, localtimestamp, localtime(0), current_timestamp(6), now(), current_timezone(), current_user, current_schema'
    expect(planText(sql)).toContain("DATE '2024-03-05'")
    expect(planText(sql)).toContain("TIMESTAMP '2024-03-05 06:07:08.901'")
    expect(planText(sql)).toContain("TIME '06:07:08'")
    expect(planText(sql)).toContain("TIMESTAMP '2024-03-05 06:07:08.901234 UTC'")
    expect(planText(sql)).toContain("'ada'")
    expect(planText(sql, { zone: 'Pacific/Kiritimati' })).toContain("TIMESTAMP '2024-03-05 20:07:08.901'")
    expect(planText('SELECT current_date', { zone: 'Pacific/Honolulu' })).toContain("DATE '2024-03-04'")
    expect(outputTypes('SELECT current_time, current_date, now()', { zone: 'Asia/Kolkata' })).toEqual([
      'time(3) with time zone',
      'date',
      'timestamp(3) with time zone',
    ])
  })

  it('widens constants at once, and casts what is not constant', () => {
    expect(planText("SELECT * FROM customers WHERE id = 1 AND score > 1.5 AND country = 'SE' AND id < 2.5")).toContain(
      "Filter[(id = BIGINT '1') AND (score > DOUBLE '1.5') AND (country = CHAR(2) 'SE') AND (CAST(id AS decimal(20,1)) < 2.5)]",
    )
  })
})

describe('limits of the analyzer', () => {
  it('ends deep texts with an error', () => {
    const error = /^STACK_OVERFLOW: .*statement is too large \(stack overflow/
    expect(errorText(`SELECT ${'1 + '.repeat(2000)}1`)).toMatch(error)
    expect(errorText(`SELECT ${'abs('.repeat(1100)}1${')'.repeat(1100)}`)).toMatch(error)
  })

  it('takes long flat texts', () => {
    expect(
      analyzeText(`SELECT 1 WHERE ${Array.from({ length: 20_000 }, (_, index) => `1 <> ${index + 2}`).join(' AND ')}`).output,
    ).toHaveLength(1)
    expect(analyzeText(`SELECT 1 IN (${Array.from({ length: 20_000 }, (_, index) => index).join(', ')})`).output).toHaveLength(1)
    expect(
      analyzeText(`SELECT ${Array.from({ length: 2000 }, (_, index) => `id + ${index}`).join(', ')} FROM customers`).output,
    ).toHaveLength(2000)
  })
})
