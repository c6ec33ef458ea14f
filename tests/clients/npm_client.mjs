/** Drives npm's `trino-client` as its users do; prints one JSON object of what it saw. */
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'

const [host, slow, folder] = process.argv.slice(2)
const { BasicAuth, Trino } = createRequire(`${folder}/`)('trino-client')
const trino = Trino.create({ server: `http://${host}`, catalog: 'lake', schema: 'sample', auth: new BasicAuth('me') })

async function run(query) {
  const rows = []
  let last = {}
  for await (const page of await trino.query(query)) {
    rows.push(...(page.data ?? []))
    last = page
  }
  return { rows, error: last.error, id: last.id, updateType: last.updateType }
}

const seen = {}
seen.count = (await run('SELECT count(*) FROM trips')).rows
const big = await run('SELECT a.x, b.x FROM UNNEST(sequence(1, 1000)) a(x), UNNEST(sequence(1, 100)) b(x)')
seen.big = [big.rows.length, big.rows.reduce((sum, [a]) => sum + a, 0)]
seen.paths = [(await run('USE lake.information_schema')).updateType, (await run('SELECT current_schema')).rows]
seen.error = (({ errorName, errorLocation, message }) => ({ errorName, errorLocation, message }))((await run('SELECT\n nope')).error)
seen.prepared = (
  await run({ query: 'EXECUTE p USING 3', extraHeaders: { 'X-Trino-Prepared-Statement': `p=${encodeURIComponent('SELECT ? + 1')}` } })
).rows
await run("SET SESSION query_max_run_time = '1m'")
seen.session = (await run("SHOW SESSION LIKE 'query_max_run_time'")).rows.map(([name, value]) => [name, value])
seen.explain = /trips/.test((await run('EXPLAIN SELECT * FROM lake.sample.trips')).rows[0][0])
seen.info = (await trino.queryInfo(big.id)).state
// The iterator waits for rows; who waits learns the id from the server's list.
const iterator = await trino.query(slow)
const waiting = iterator.next()
let running
while (running === undefined) {
  await sleep(200)
  const queries = await (await fetch(`http://${host}/v1/query`, { headers: { 'x-trino-user': 'me' } })).json()
  running = queries.find(({ query, state }) => query === slow && state === 'RUNNING')
}
await trino.cancel(running.queryId)
let last = (await waiting).value
for await (const page of iterator) last = page
seen.cancel = last.error?.errorName
console.log(JSON.stringify(seen))
