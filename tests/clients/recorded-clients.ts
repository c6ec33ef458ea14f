/**
 * Clients' programs that run on Weir in tests and, by `tests/oracle/record-clients.ts`, on Trino, whose answers are
 * kept in `recorded/`: what each makes of the values in `values.sql`, and what browsing tools see of a catalog.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { QUICK_JVM, runJdbcProgram } from '#tests/support/java'
import { mavenFile, mavenJar, npmPackages, pythonTools, runTool } from '#tests/support/tools'

const here = (name: string): string => join(import.meta.dirname, name)
const VALUES = here('values.sql')

interface RecordedClient {
  readonly name: string
  /** Clients that must see the same have one recording. */
  readonly recording: string
  /** It speaks of files: its recording is of Trino's Hive connector, others' of its tables in memory. */
  readonly ofFiles?: true
  /** Its lines for the server at `host:port` with a catalog that it may write. Throws MissingTool without its toolchain. */
  readonly run: (host: string, catalog: string) => Promise<string>
}

const java = async (program: string, ...args: readonly string[]): Promise<string> => runJdbcProgram(here(program), ...args)

const python = async (host: string, ...encoding: readonly string[]): Promise<string> =>
  runTool(join(await pythonTools('trino-client', ['trino==0.340.0']), 'python'), [here('python_values.py'), host, VALUES, ...encoding])

async function spark(program: string, host: string, catalog: string): Promise<string> {
  return runTool(await sparkPython(), [here(program), host, catalog, await mavenJar('io.trino:trino-jdbc:476')])
}

/** A Python that has PySpark, for which there is a Java. Throws MissingTool. */
export async function sparkPython(): Promise<string> {
  await runTool('java', ['-version'])
  return join(await pythonTools('pyspark', ['pyspark==3.5.5']), 'python')
}

/** Statements in one go, in one session. */
async function cli(host: string): Promise<string> {
  const statements = readFileSync(VALUES, 'utf8')
    .trimEnd()
    .split('\n')
    .map((expression) => `SELECT ${expression} AS v`)
  const jar = await mavenFile('io.trino:trino-cli:476:jar:executable')
  const options = ['--server', `http://${host}`, '--user', 'me', '--timezone', 'Asia/Kathmandu']
  return runTool('java', [...QUICK_JVM, '-jar', jar, ...options, '--execute', statements.join(';')])
}

export const RECORDED_CLIENTS: readonly RecordedClient[] = [
  { name: 'trino-jdbc 476: values', recording: 'values-jdbc', run: (host) => java('JdbcValues.java', host, VALUES) },
  { name: 'trino-jdbc 476: spooled values', recording: 'values-jdbc', run: (host) => java('JdbcValues.java', host, VALUES, 'json+zstd') },
  { name: 'trino-jdbc 476: metadata', recording: 'metadata-jdbc', run: (host, catalog) => java('JdbcMetadata.java', host, catalog) },
  { name: 'trino-cli 476: values', recording: 'values-cli', run: (host) => cli(host) },
  { name: 'Python trino 0.340.0: values', recording: 'values-python', run: (host) => python(host) },
  { name: 'Python trino 0.340.0: spooled values', recording: 'values-python', run: (host) => python(host, 'json+lz4') },
  {
    name: 'npm trino-client 0.2.9: values',
    recording: 'values-npm',
    run: async (host) =>
      runTool(process.execPath, [here('npm_values.mjs'), host, VALUES, await npmPackages('trino-client', ['trino-client@0.2.9'])]),
  },
  { name: 'PySpark 3.5.5, JDBC: reads', recording: 'spark', run: (host, catalog) => spark('spark_reader.py', host, catalog) },
  {
    name: 'PySpark 3.5.5, JDBC: writes',
    recording: 'spark-writes',
    ofFiles: true,
    run: (host, catalog) => spark('spark_writer.py', host, catalog),
  },
  {
    name: 'SQLAlchemy 2.1.9, pandas 3.1.1',
    recording: 'sqlalchemy',
    run: async (host, catalog) => {
      const bin = await pythonTools('sqlalchemy', ['trino[sqlalchemy]==0.340.0', 'SQLAlchemy==2.1.9', 'pandas==3.1.1'])
      return runTool(join(bin, 'python'), [here('sqlalchemy_client.py'), host, catalog])
    },
  },
]

export const recordingPath = (recording: string): string => here(`recorded/${recording}.txt`)
