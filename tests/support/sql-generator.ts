/** Random queries over the plan tests' tables, of the shapes that the optimizer's rules look for. */
import fc from 'fast-check'

type Text = fc.Arbitrary<string>

const pick = (...texts: readonly string[]): Text => fc.constantFrom(...texts)
/** `text\`a ${x} b\``: the parts put together. */
const text = (parts: TemplateStringsArray, ...values: readonly Text[]): Text =>
  fc.tuple(...values).map((chosen) => parts.reduce((sql, part, place) => sql + (chosen[place - 1] ?? '') + part))

const integer = fc.integer({ min: -1, max: 12 }).map(String)
const operator = pick('=', '<>', '<', '<=', '>', '>=')

const integerTest = (column: string): Text =>
  fc.oneof(
    text`${pick(column)} ${operator} ${integer}`,
    text`${pick(column)} IN (${integer}, ${integer}, ${pick('5', 'NULL')})`,
    text`${pick(column)} BETWEEN ${integer} AND ${integer}`,
    text`${pick(column)} + 1 ${operator} ${integer}`,
    text`${pick(column)} IS ${pick('', 'NOT ')}NULL`,
    text`${pick(column)} IS ${pick('', 'NOT ')}DISTINCT FROM ${integer}`,
    text`coalesce(${pick(column)}, 3) ${operator} ${integer}`,
  )
const textTest = (column: string): Text =>
  fc.oneof(
    text`${pick(column)} ${operator} '${pick('a', 'b', 'bc', 'zz', '')}'`,
    text`${pick(column)} ${pick('', 'NOT ')}LIKE '${pick('b%', '%', '_c', 'a', '%c%')}'`,
    text`${pick(column)} IN ('a', '${pick('b', 'bc')}')`,
    text`${pick(column)} IS NULL`,
    text`lower(${pick(column)}) = 'bc'`,
  )
const dateTest = (column: string): Text =>
  fc.oneof(
    text`${pick(column)} ${operator} DATE '2024-01-0${pick('1', '2', '3', '4')}'`,
    text`${pick(column)} >= DATE '2024-01-01' + INTERVAL '${pick('0', '1', '2', '40')}' DAY`,
    text`CAST(${pick(column)} AS varchar) LIKE '2024-01-0${pick('1', '2')}%'`,
    text`${pick(column)} IS NULL`,
  )

const anyOf = (tests: readonly Text[]): Text => {
  const leaf = fc.oneof({ weight: 15, arbitrary: fc.oneof(...tests) }, { weight: 1, arbitrary: pick('1 = 2', 'true', 'NULL') })
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 2, arbitrary: text`(${leaf} AND ${leaf})` },
    { weight: 2, arbitrary: text`(${leaf} OR ${leaf})` },
    { weight: 1, arbitrary: text`((${leaf} AND ${leaf}) OR (${leaf} AND ${leaf}))` },
    { weight: 1, arbitrary: text`NOT (${leaf} OR ${leaf})` },
  )
}
const where = (predicate: Text): Text =>
  fc.oneof(
    { weight: 1, arbitrary: pick('') },
    { weight: 5, arbitrary: text` WHERE ${predicate}` },
    { weight: 3, arbitrary: text` WHERE ${predicate} AND ${predicate}` },
  )

const orders = (alias: string): readonly Text[] => [
  integerTest(`${alias}orderkey`),
  integerTest(`${alias}custkey`),
  textTest(`${alias}priority`),
  dateTest(`${alias}dt`),
]
const lines = (alias: string): readonly Text[] => [
  integerTest(`${alias}orderkey`),
  integerTest(`${alias}quantity`),
  textTest(`${alias}mode`),
  dateTest(`${alias}shipped`),
]

const join = pick('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN')
const both = anyOf([...orders('o.'), ...lines('l.')])
const onOrders = anyOf(orders(''))
const on = fc.oneof(pick(''), text` AND ${both}`)
const amount = pick('1', '3', '7', '100')

const outerJoins: Text = fc.oneof(
  text`SELECT o.orderkey, l.quantity FROM orders o ${join} lines l ON o.orderkey = l.orderkey WHERE ${fc.oneof(...lines('l.'))}`,
  text`SELECT o.orderkey, l.quantity FROM orders o ${join} lines l ON o.orderkey = l.orderkey WHERE ${fc.oneof(...orders('o.'))}`,
  text`SELECT o.orderkey, l.quantity FROM orders o ${join} lines l ON o.orderkey = l.orderkey AND ${fc.oneof(...orders('o.'), ...lines('l.'))}`,
)

const shapes: Text = fc.oneof(
  text`SELECT orderkey, dt FROM orders WHERE dt ${operator} (SELECT ${pick('max', 'min')}(dt) FROM orders${where(fc.oneof(dateTest('dt'), integerTest('orderkey')))})`,
  text`SELECT o.orderkey, o.dt, o.priority, l.quantity FROM orders o ${join} lines l ON o.orderkey = l.orderkey${on}${where(both)}`,
  text`SELECT count(*), sum(l.quantity) FROM orders o, lines l WHERE o.orderkey = l.orderkey AND ${both}`,
  text`SELECT c.name, o.orderkey FROM customers c ${join} orders o ON c.custkey = o.custkey ${join} lines l ON o.orderkey = l.orderkey${where(both)}`,
  text`SELECT orderkey, custkey, quantity FROM orders FULL JOIN lines USING (orderkey)${where(anyOf([integerTest('orderkey'), integerTest('custkey'), integerTest('quantity')]))}`,
  text`SELECT k, d FROM (SELECT orderkey + custkey AS k, orderkey AS orderkey, dt AS d FROM orders${where(onOrders)})${where(anyOf([integerTest('k'), integerTest('orderkey'), dateTest('d')]))}`,
  text`SELECT priority, dt, count(*), sum(total) FROM orders${where(onOrders)} GROUP BY ${pick('priority, dt', 'ROLLUP (priority, dt)', 'GROUPING SETS ((priority, dt), (dt))')} HAVING ${anyOf([textTest('priority'), dateTest('dt'), integerTest('count(*)')])}`,
  text`SELECT dt, count(*), min(orderkey), max(orderkey) FROM orders${where(anyOf([dateTest('dt'), integerTest('orderkey')]))} GROUP BY dt`,
  text`SELECT count(*), min(dt), max(dt), min(orderkey), max(total) FROM orders${where(anyOf([dateTest('dt'), integerTest('orderkey')]))}`,
  text`SELECT DISTINCT dt FROM orders${where(onOrders)}`,
  text`SELECT * FROM (SELECT orderkey, priority, dt, rank() OVER (PARTITION BY priority, dt ORDER BY orderkey) AS r FROM orders)${where(anyOf([textTest('priority'), dateTest('dt'), integerTest('r'), integerTest('orderkey')]))}`,
  text`SELECT * FROM (SELECT orderkey AS k, dt AS d FROM orders${where(onOrders)} ${pick('UNION ALL', 'UNION', 'EXCEPT', 'INTERSECT', 'EXCEPT ALL')} SELECT orderkey, shipped FROM lines)${where(anyOf([integerTest('k'), dateTest('d')]))}`,
  text`SELECT orderkey FROM orders o WHERE ${onOrders} AND ${pick('', 'NOT ')}EXISTS (SELECT 1 FROM lines l WHERE l.orderkey = o.orderkey AND ${anyOf(lines('l.'))})`,
  text`SELECT orderkey, (SELECT max(l.quantity) FROM lines l WHERE l.orderkey = o.orderkey AND ${anyOf(lines('l.'))}) FROM orders o${where(anyOf(orders('o.')))}`,
  text`SELECT orderkey FROM orders WHERE custkey ${pick('IN', 'NOT IN')} (SELECT custkey FROM customers WHERE ${anyOf([integerTest('custkey'), textTest('name')])}) ${pick('AND', 'OR')} ${onOrders}`,
  text`WITH q AS (SELECT orderkey, custkey, dt, total FROM orders) SELECT a.orderkey, b.dt FROM q a ${join} q b ON a.custkey = b.custkey${where(anyOf([dateTest('a.dt'), dateTest('b.dt'), integerTest('a.orderkey')]))}`,
  text`WITH q AS (SELECT custkey, dt, count(*) AS n FROM orders GROUP BY custkey, dt) SELECT custkey, n FROM q${where(anyOf([integerTest('custkey'), integerTest('n'), dateTest('dt')]))}`,
  text`SELECT count(*) FROM (SELECT orderkey FROM orders${where(onOrders)} LIMIT ${amount})`,
  text`SELECT count(*) FROM (SELECT * FROM (SELECT orderkey, dt FROM orders${where(onOrders)} ORDER BY orderkey, dt, total LIMIT ${amount}) WHERE ${dateTest('dt')})`,
  text`SELECT o.orderkey, x.n FROM orders o CROSS JOIN LATERAL (SELECT count(*) AS n FROM lines l WHERE l.orderkey = o.orderkey AND ${anyOf(lines('l.'))}) x${where(anyOf([integerTest('x.n'), ...orders('o.')]))}`,
  text`SELECT o.orderkey, u.v FROM orders o CROSS JOIN UNNEST(ARRAY[o.custkey, 5]) AS u (v)${where(anyOf([integerTest('u.v'), ...orders('o.')]))}`,
)

export const queries: Text = fc.oneof({ weight: 1, arbitrary: outerJoins }, { weight: 3, arbitrary: shapes })
