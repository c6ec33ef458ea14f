/** Reads each expression of a file with npm's `trino-client`; prints what it makes of each, a line of JSON. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [host, file, folder] = process.argv.slice(2)
const { BasicAuth, Trino } = createRequire(`${folder}/`)('trino-client')
const trino = Trino.create({ server: `http://${host}`, auth: new BasicAuth('me') })
for (const expression of readFileSync(file, 'utf8').trimEnd().split('\n')) {
  let columns
  let error
  const rows = []
  for await (const page of await trino.query(`SELECT ${expression} AS v`)) {
    columns ??= page.columns?.map(({ type, typeSignature }) => [type, typeSignature])
    error ??= page.error?.errorName
    rows.push(...(page.data ?? []))
  }
  console.log(JSON.stringify([expression, error ?? columns, rows]))
}
