/** Names, types and errors against what a real Trino said to the same statements (tests/fixtures/analysis). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import { verifyPlan } from '#src/logical/verify'
import { formatType } from '#src/types/format'
import { analyzeText } from '#tests/support/analysis'

interface Case {
  readonly sql: string
  readonly trino: string
}

/** Where the answer is another one, and why. */
const DIFFERENCES: Readonly<Record<string, { readonly ours: string; readonly why: string }>> = {
  'SELECT 1 FROM pond."default".orders': {
    ours: "CATALOG_NOT_FOUND: line 1:15: Catalog 'pond' not found",
    why: 'the words of newer versions',
  },
  'select * from orders o left join lateral (select o.id x) on o.id = 1': {
    ours: 'OK [bigint, bigint, varchar, decimal(12,2), timestamp(3), array(row(sku varchar, n integer)), map(varchar, integer), row(city varchar, zip varchar), date, bigint] [id, customer, status, total, placed, items, tags, ship, dt, x]',
    why: 'newer versions have it',
  },
  'select count(distinct id) over () from orders': { ours: 'OK [bigint] [_col0]', why: 'newer versions have it' },
  "select foo '1'": { ours: 'TYPE_NOT_FOUND: line 1:8: Unknown type: foo', why: "Trino's text has a slip of the pen" },
  "select * from orders for timestamp as of timestamp '2020-01-01'": {
    ours: 'NOT_SUPPORTED: line 1:15: Time travel (FOR VERSION / TIMESTAMP AS OF) is not supported',
    why: 'with a position, and without words about connectors',
  },
  'select current_timestamp(13)': {
    ours: 'NOT_SUPPORTED: line 1:8: current_timestamp(13) is not supported: the highest precision is 6',
    why: 'precisions beyond microseconds are refused',
  },
  'select t.x.w from (select cast(row(row(1)) as row(y row(z integer))) x) t': {
    ours: "INVALID_COLUMN_REFERENCE: line 1:8: Column reference 't.x.w' is invalid",
    why: 'as Trino 476 has it',
  },
  'SELECT o.ship.town FROM orders o': {
    ours: "INVALID_COLUMN_REFERENCE: line 1:8: Column reference 'o.ship.town' is invalid",
    why: 'as Trino 476 has it',
  },
  'select * from orders o join lateral (select o.id x) t on o.id = t.x': {
    ours: 'OK [bigint, bigint, varchar, decimal(12,2), timestamp(3), array(row(sku varchar, n integer)), map(varchar, integer), row(city varchar, zip varchar), date, bigint] [id, customer, status, total, placed, items, tags, ship, dt, x]',
    why: "a limit of Trino's decorrelation",
  },
  'select * from customers c where exists (select 1 from orders o where o.customer = c.id and o.total > (select avg(total) from orders p where p.customer = c.id))':
    { ours: 'OK [bigint, varchar(25), char(2), double] [id, name, country, score]', why: "a limit of Trino's decorrelation" },
  'select (select count(*) from unnest(o.items) i(s, n) where n > 1) from orders o': {
    ours: 'OK [bigint] [_col0]',
    why: "a limit of Trino's decorrelation",
  },
  'select a.id from orders a where exists (select * from orders b where b.id = a.id and exists (select 1 from customers c where c.id = a.id))':
    { ours: 'OK [bigint] [id]', why: "a limit of Trino's decorrelation" },
  'select (select name from orders) from customers': { ours: 'OK [varchar(25)] [_col0]', why: "a limit of Trino's decorrelation" },
}

const cases: readonly Case[] = readFileSync(join(import.meta.dirname, '../../fixtures/analysis/trino-435.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [sql = '', trino = ''] = line.split('\t')
    return { sql, trino }
  })

function answer(sql: string): string {
  try {
    const plan = analyzeText(sql)
    verifyPlan(plan)
    const types = plan.output.map(({ column }) => formatType(column.type)).join(', ')
    return `OK [${types}] [${plan.output.map(({ name }) => name).join(', ')}]`
  } catch (error) {
    if (error instanceof QueryError) return `${error.errorName}: ${error.message}`
    throw error
  }
}

describe('agreement with Trino', () => {
  for (const { sql, trino } of cases) {
    it(sql, () => {
      expect(answer(sql)).toBe(DIFFERENCES[sql]?.ours ?? trino)
    })
  }

  it('names no difference that is none', () => {
    const differing = cases.filter(({ sql, trino }) => answer(sql) !== trino).map(({ sql }) => sql)
    expect(differing.toSorted()).toEqual(Object.keys(DIFFERENCES).toSorted())
  })
})
