/** A process that changes a catalog until it is told how many times: `node catalog-writer.ts <file> <name> <count>`. Prints each acknowledged table. */
import { openSqliteStore } from '#catalog/store/sqlite'
import { BIGINT } from '#src/types/type'

const [file, name, count] = process.argv.slice(2) as [string, string, string]
const store = await openSqliteStore(file)
for (let index = 0; index < Number(count); index++) {
  const table = await store.createTable(
    {
      schema: name,
      name: `t${index}`,
      format: 'parquet',
      location: 's3://lake/t/',
      columns: [{ name: 'id', type: BIGINT }],
      partitionKeys: [],
      properties: {},
    },
    { replace: false, createSchema: true },
  )
  process.stdout.write(`${table.name} ${table.version}\n`)
}
await store.close()
