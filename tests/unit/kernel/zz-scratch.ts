import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyzeText } from '#tests/support/analysis'
import { optimize } from '#src/optimize/optimizer'
import { joinFrames, openLake, prepareScans } from '#tests/support/kernel-lake'
import { TPCH_TABLES } from '#tests/support/tpch-schema'
import { TPCDS_TABLES } from '#tests/support/tpcds-schema'
import { tpcQueries } from '#tests/support/tpc-queries'
const [bench, folder, only] = process.argv.slice(2) as [string, string, string]
const lake = await openLake({ cacheFolder: folder, onOutput: (t) => console.log('OUT', t) })
import { decodeFooter } from '#connectors/formats/parquet/decode-footer'
import { decimal } from '#src/types/type'
const footers = new Map<string, any>()
function footerOf(path: string) { if (!footers.has(path)) { const b = readFileSync(path); const n = b.readUInt32LE(b.length - 8); footers.set(path, decodeFooter(b.subarray(b.length - 8 - n, b.length - 8), b.length)) } return footers.get(path) }
const dec = (m: any) => new Map([...m].map(([k, t]: any) => [k, { ...t, columns: t.columns.map((c: any) => c.type.kind === 'double' ? { ...c, type: decimal(15, 2) } : c) }]))
const tables = process.env.DEC ? dec(TPCH_TABLES) : bench === 'tpch' ? TPCH_TABLES : TPCDS_TABLES
const filesOf = (table: string) => readdirSync(join(folder, table)).filter((f) => f.endsWith('.parquet')).sort().map((f) => ({ path: join(folder, table, f) }))
for (const name of tables.keys()) await lake.oracle.run(`CREATE VIEW "${name}" AS FROM read_parquet('${folder}/${name}/*.parquet')`).catch(() => {})
const plain = (v: any): any => v === null ? null : Array.isArray(v) ? v.map(plain) : typeof v === 'number' ? +v.toPrecision(9) : /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(String(v)) ? +(+String(v)).toPrecision(9) : String(v).trimEnd()
for (const q of await tpcQueries(bench as any, bench)) {
  if (only && !only.split(',').includes(q.name)) continue
  const t = performance.now()
  let line = q.name
  try {
    const analyzed = analyzeText(q.sql, { tables, schema: bench })
    const { root, output } = process.env.OPT ? (optimize(analyzed) as any).plan ?? optimize(analyzed) as any : analyzed
    const scans = prepareScans(root, filesOf).map((p: any) => process.env.DEC ? { ...p, plan: { ...p.plan, files: p.plan.files.map((f: any, i: number) => { const footer = footerOf(p.groups[0].units[i].path); return { ...f, parquet: { footer, rowGroups: footer.rowGroups.map((_: any, k: number) => k), columnIndexes: p.plan.columns.map((c: any) => footer.columns.findIndex((x: any) => x.name === c.source.name)), ranges: [] } } }) } } : p)
    const t1 = performance.now()
    const result = await lake.kernel.execute(lake.query(root, scans, { output }))
    const ours = JSON.parse(`[${(await joinFrames(result)).toString('utf8')}]`) as unknown[][]
    if (process.env.SQL) console.log((await import('#src/kernel/print/query')).printKernelQuery(lake.query(root, scans, { output }) as any, '/x').sql)
    line += ` ok rows ${ours.length} plan ${(t1 - t).toFixed(0)} run ${(performance.now() - t1).toFixed(0)} ms`
    try {
      const t2 = performance.now()
      const theirs = (await lake.oracle.runAndReadAll(q.sql.replaceAll(`"lake"."${bench}".`, '').replaceAll(`lake.${bench}.`, ''))).getRowsJson() as unknown[][]
      const a = ours.map((r) => JSON.stringify(plain(r))).sort(), b = theirs.map((r) => JSON.stringify(plain(r))).sort()
      const bad = a.findIndex((x, i) => x !== b[i])
      line += a.length !== b.length ? ` ROWS DIFFER ${b.length}` : bad >= 0 ? ` DIFF ${a.filter((x) => !b.includes(x)).length}: ${a[bad]?.slice(0, 150)} <> ${b[bad]?.slice(0, 150)}` : ' same'
      line += ` duckdb ${(performance.now() - t2).toFixed(0)}`
    } catch (e: any) { line += ` (duckdb: ${e.message.slice(0, 80)})` }
  } catch (e: any) { line += ` ERR ${e.errorName ?? ''} ${e.message.slice(0, 200)} ${e.cause?.message?.slice(0, 300) ?? ''}` }
  console.log(line)
}
await lake.close()
