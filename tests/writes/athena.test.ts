/**
 * Athena's DDL pasted as its documentation and console write it, only the locations are others: a table of each SerDe over
 * files of each store, and what is done with it from there.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { describeLakes } from './describe-lakes.ts'
import type { Lake } from './lakes.ts'

interface Sample {
  readonly name: string
  /** Files by their path below the table's folder. */
  readonly files: Readonly<Record<string, string>>
  /** LOCATION's place is `$LOCATION`. */
  readonly ddl: string
  readonly query: string
  readonly rows: readonly (readonly unknown[])[]
}

const HADOOP_TEXT = `STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'`

const SAMPLES: readonly Sample[] = [
  {
    name: 'flights_csv',
    files: { 'year=2015/a.csv': '1,1,AA,2015-01-01,JFK\n1,2,UA,2015-01-02,\\N\n', 'year=2016/b.csv': '2,3,DL,2016-05-04,LAX\n' },
    ddl: `CREATE EXTERNAL TABLE flights_csv (
  quarter INT,
  month INT,
  uniquecarrier STRING,
  flightdate STRING,
  origin STRING
)
PARTITIONED BY (year STRING)
ROW FORMAT DELIMITED
  FIELDS TERMINATED BY ','
  ESCAPED BY '\\\\'
  LINES TERMINATED BY '\\n'
LOCATION '$LOCATION';`,
    query: 'SELECT year, count(*), count(origin), max(month) FROM flights_csv GROUP BY year ORDER BY year',
    rows: [
      ['2015', 2, 1, 2],
      ['2016', 1, 1, 3],
    ],
  },
  {
    name: 'cloudfront_logs',
    files: { 'a.log': '#Version: 1.0\n#Fields\n2024-02-29\t01:02:03\tFRA2\t120\tGET\n2024-03-01\t00:00:00\tJFK1\t7\tPOST\n' },
    ddl: `CREATE EXTERNAL TABLE IF NOT EXISTS default.cloudfront_logs (
  \`date\` DATE,
  time STRING,
  x_edge_location STRING,
  sc_bytes BIGINT,
  cs_method STRING
)
ROW FORMAT DELIMITED
FIELDS TERMINATED BY '\\t'
LOCATION '$LOCATION'
TBLPROPERTIES ( 'skip.header.line.count'='2' )`,
    query: 'SELECT "date", sc_bytes, cs_method FROM cloudfront_logs ORDER BY 1',
    rows: [
      ['2024-02-29', 120, 'GET'],
      ['2024-03-01', 7, 'POST'],
    ],
  },
  {
    name: 'flights_serde',
    files: { 'a.csv': '1,2.5\n2,\n' },
    ddl: `CREATE EXTERNAL TABLE flights_serde (id INT, price DOUBLE)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
WITH SERDEPROPERTIES ('serialization.format' = ',', 'field.delim' = ',')
${HADOOP_TEXT}
LOCATION '$LOCATION'
TBLPROPERTIES ('classification'='csv', 'has_encrypted_data'='false', 'transient_lastDdlTime'='1700000000')`,
    query: 'SELECT * FROM flights_serde ORDER BY id',
    rows: [
      [1, 2.5],
      [2, null],
    ],
  },
  {
    name: 'opencsv',
    files: { 'a.csv': 'col1,col2\n"a","one, ""two"""\n"b",\n' },
    ddl: `CREATE EXTERNAL TABLE myopencsvtable (
   col1 string,
   col2 string
)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
WITH SERDEPROPERTIES (
   'separatorChar' = ',',
   'quoteChar' = '"',
   'escapeChar' = '\\\\'
   )
STORED AS TEXTFILE
LOCATION '$LOCATION'
TBLPROPERTIES ("skip.header.line.count"="1")`,
    query: 'SELECT * FROM myopencsvtable ORDER BY col1',
    rows: [
      ['a', 'one, "two"'],
      ['b', ''],
    ],
  },
  {
    name: 'impressions',
    files: {
      'dt=2009-04-12-13-00/a.json':
        '{"requestBeginTime":"1239","adId":"x1","impressionId":"i1","numbers":{"a":1},"hosts":["h1","h2"]}\n{"requestBeginTime":"1240"}\n',
    },
    ddl: `CREATE EXTERNAL TABLE impressions (
    requestbegintime string,
    adid string,
    impressionid string,
    hosts array<string>,
    numbers struct<a:int>)
PARTITIONED BY (dt string)
ROW FORMAT  serde 'org.apache.hive.hcatalog.data.JsonSerDe'
with serdeproperties ( 'paths'='requestBeginTime, adId, impressionId' )
LOCATION '$LOCATION' ;`,
    query: 'SELECT requestbegintime, adid, hosts, numbers.a, dt FROM impressions ORDER BY 1',
    rows: [
      ['1239', 'x1', ['h1', 'h2'], 1, '2009-04-12-13-00'],
      ['1240', null, null, null, '2009-04-12-13-00'],
    ],
  },
  {
    name: 'openx',
    files: { 'a.json': '{"ID":1,"Name":"n","ts":"2024-02-29 01:02:03"}\nbroken\n' },
    ddl: `CREATE EXTERNAL TABLE json_events (
  id int,
  name string,
  at timestamp
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true', 'dots.in.keys' = 'false', 'case.insensitive' = 'true', 'mapping.at' = 'ts')
LOCATION '$LOCATION'`,
    query: 'SELECT * FROM json_events ORDER BY id NULLS LAST',
    rows: [
      [1, 'n', '2024-02-29 01:02:03.000'],
      [null, null, null],
    ],
  },
]

describeLakes("Athena's statements on", (open) => {
  let lake: Lake
  let server: WeirServer
  beforeAll(async () => {
    lake = await open()
    server = await startWeir({ env: lake.env, args: ['--allow', lake.location] })
  })
  afterAll(async () => {
    await server?.stop()
    await lake?.close()
  })

  const rows = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
    const { json } = await server.sql(sql)
    if (json.error !== undefined) throw new Error(`${sql}: ${json.error.name}: ${json.error.message}`)
    return json.rows
  }

  it.each(SAMPLES)('$name', async ({ name: folder, files, ddl, query, rows: expected }) => {
    for (const [path, text] of Object.entries(files)) await lake.put(`${lake.location}${folder}/${path}`, Buffer.from(text))
    await rows(ddl.replace('$LOCATION', `${lake.location}${folder}/`))
    expect(await rows(query)).toEqual(expected)
  })

  it('Parquet: what Athena wrote is a table, whose partitions are repaired, added and dropped', async () => {
    const place = `${lake.location}parquet/`
    await rows(`CREATE TABLE made
WITH (
      format = 'Parquet',
      write_compression = 'SNAPPY',
      external_location = '${place}',
      partitioned_by = ARRAY['year'])
AS SELECT quarter, month, uniquecarrier, year FROM flights_csv`)
    await rows(`CREATE EXTERNAL TABLE flight_parquet (
    quarter INT,
    month INT,
    uniquecarrier STRING
)
PARTITIONED BY (year STRING)
ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'
STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'
LOCATION '${place}'
TBLPROPERTIES ("parquet.compression"="SNAPPY", 'partition_discovery' = 'registered');`)
    const counts = 'SELECT year, count(*) FROM flight_parquet GROUP BY year ORDER BY year'
    expect(await rows(counts)).toEqual([])
    await rows('MSCK REPAIR TABLE `flight_parquet`;')
    expect(await rows(counts)).toEqual([
      ['2015', 2],
      ['2016', 1],
    ])
    expect(await rows('SHOW PARTITIONS flight_parquet')).toEqual([['year=2015'], ['year=2016']])
    await rows("ALTER TABLE flight_parquet DROP PARTITION (year = '2015')")
    expect(await rows(counts)).toEqual([['2016', 1]])
    await rows(`ALTER TABLE flight_parquet ADD IF NOT EXISTS
  PARTITION (year = '2015') LOCATION '${place}year=2015/'
  PARTITION (year = '1999') LOCATION '${place}year=2016/'`)
    expect(await rows(counts)).toEqual([
      ['1999', 1],
      ['2015', 2],
      ['2016', 1],
    ])
    await rows("INSERT INTO flight_parquet SELECT 4, 12, 'XX', '2017'")
    expect(await rows("SELECT * FROM flight_parquet WHERE year = '2017'")).toEqual([[4, 12, 'XX', '2017']])
    // DROP TABLE leaves the files of an external table.
    await rows('DROP TABLE flight_parquet')
    expect(await rows("SELECT uniquecarrier FROM made WHERE year = '2017'")).toEqual([['XX']])
  })

  it('partition projection over folders of any shape', async () => {
    await lake.put(`${lake.location}projected/2024/02/29/a.json`, Buffer.from('{"x":1}\n'))
    await lake.put(`${lake.location}projected/2024/03/01/a.json`, Buffer.from('{"x":2}\n'))
    await rows(`CREATE EXTERNAL TABLE projected (x int)
PARTITIONED BY (day STRING)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION '${lake.location}projected/'
TBLPROPERTIES (
 "projection.enabled" = "true",
 "projection.day.type" = "date",
 "projection.day.range" = "2024/01/01,2024/12/31",
 "projection.day.format" = "yyyy/MM/dd",
 "projection.day.interval" = "1",
 "projection.day.interval.unit" = "DAYS",
 "storage.location.template" = "${lake.location}projected/\${day}"
)`)
    expect(await rows("SELECT x, day FROM projected WHERE day >= '2024/03/01' AND day < '2024/04/01'")).toEqual([[2, '2024/03/01']])
    expect(await rows('SELECT sum(x) FROM projected')).toEqual([[3]])
  })

  it('what is told of a table can be pasted again', async () => {
    expect(await rows("SHOW TABLES IN default 'flight*|imp*'")).toEqual([['flights_csv'], ['flights_serde'], ['impressions']])
    expect(await rows("SHOW DATABASES LIKE 'def*'")).toEqual([['default']])
    expect((await rows('DESCRIBE FORMATTED flights_csv')).flat().join('\n')).toContain(`${lake.location}flights_csv/`)
    const [[ddl] = []] = await rows('SHOW CREATE TABLE flights_csv')
    await rows('DROP TABLE IF EXISTS flights_csv')
    await rows(String(ddl))
    expect(await rows('SELECT count(*), count(origin) FROM flights_csv')).toEqual([[3, 2]])
  })
})
