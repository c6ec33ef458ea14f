/** Inference and scan read text files alike: a file's rows through the kernel are those that inference saw, in the types that it gave. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileFormat } from '#catalog/model'
import { csvOptions } from '#connectors/formats/csv/options'
import { parseCsv } from '#connectors/formats/csv/records'
import { sniffCsv } from '#connectors/formats/csv/sniff'
import { inferJson } from '#connectors/formats/json/infer'
import { readSample, sampleText } from '#connectors/formats/sample'
import type { ObjectInfo } from '#connectors/storage/object-store'
import { createStores } from '#connectors/storage/registry'
import type { Scan } from '#src/logical/plan'
import { BlockCache } from '#src/scan/block-cache'
import { createScanner } from '#src/scan/scanner'
import { type Type, VARCHAR } from '#src/types/type'
import { type Lake, openLake } from '#tests/support/kernel-lake'
import { scanPlan } from '#tests/support/scan-plans'

const BUCKET = { scheme: 'file', name: '' } as const
const stores = createStores({ env: {} })
let folder: string
let cache: BlockCache
let lake: Lake

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-agree-'))
  cache = await BlockCache.open({ folder: join(folder, 'cache'), budgetBytes: 1e9 })
  lake = await openLake({ cacheFolder: cache.folder })
})
afterAll(async () => {
  await lake.close()
  await cache.close()
  await stores.close()
  await rm(folder, { recursive: true })
})

let files = 0
async function put(text: string | Uint8Array): Promise<ObjectInfo> {
  const path = join(folder, `file-${files++}`)
  await writeFile(path, text)
  return stores.storeFor(BUCKET).head(path.slice(1))
}

async function rows(
  format: FileFormat,
  info: ObjectInfo,
  columns: readonly (readonly [string, Type])[],
  properties: Readonly<Record<string, string>>,
) {
  const plan = scanPlan({ format, bucket: BUCKET, columns, properties, files: [{ info }] })
  const prepared = await createScanner({ cache }).prepareScan(plan, { stores, signal: new AbortController().signal })
  const scan: Scan = { kind: 'scan', id: plan.id, table: plan.table, columns: plan.columns, predicate: [], limit: undefined, at: undefined }
  try {
    return await lake.rows(scan, [prepared])
  } finally {
    prepared.release()
  }
}

const CSV: readonly (readonly [name: string, text: string])[] = [
  ['plain', 'a,b\n1,x\n2,y\n'],
  ['no newline at the end', 'a,b\n1,x\n2,y'],
  ['CRLF', 'a,b\r\n1,x\r\n2,y\r\n'],
  ['byte order mark', '\ufeffa,b\n1,x\n'],
  ['quoted newlines', 'a,b\n1,"x\ny"\n2,"z\r\nw"\n'],
  ['quoted header with a newline', '"a\nb",c\n1,x\n2,y\n'],
  ['doubled quotes', 'a,b\n1,"say ""hi"""\n2,""""\n'],
  ['quoted delimiters', 'a,b\n1,"x,y"\n2,",,"\n'],
  ['quotes inside of plain fields', 'a,b\n1,5" pipe\n2,x"y"z\n'],
  ['empty and quoted empty', 'a,b,c\n1,,x\n,"",y\n3,z,\n'],
  ['blank lines', '\na,b\n\n1,x\n\n\n2,y\n\n'],
  ['blank lines without header', '\n\n1,x\n\n2,y\n\n'],
  ['blank CRLF lines and a quoted header', '\r\n\r\n"a\r\n",b\r\n1,x\r\n'],
  ['trailing blanks', 'a,b\n1, x \n2,\ty\n'],
  ['semicolons', 'a;b\n1,5;x\n2,5;y\n'],
  ['tabs', 'a\tb\n1\tx y\n2\t\n'],
  ['pipes', 'a|b\n1|x,y\n2|z\n'],
  ['single quotes', "a,b\n1,'x,y'\n2,'z'\n"],
  ['backslash escapes', 'a,b\n1,"x \\"y\\" z"\n2,"\\\\"\n'],
  ['\\N', 'a,b\n1,\\N\n\\N,x\n'],
  ['NA in a number column', 'a,b\n1,x\nNA,y\n'],
  ['no header', '1,x\n2,y\n'],
  [
    'types',
    'i,d,day,at,ok,s\n1,1.5,2024-02-29,2024-01-01 10:00:00.5,true,x\n-9223372036854775808,-1e-3,0001-01-01,9999-12-31 23:59:59.999,FALSE,\n',
  ],
  ['leading zeros, plus signs, blanks', 'a,b,c\n007,+1, 1\n010,+2, 2\n'],
  ['numbers at their limits', 'a,b\n9223372036854775807,1.7976931348623157e308\n-0,5e-324\n'],
  ['NaN', 'a\nNaN\nInfinity\n-Infinity\n1\n'],
  ['unicode', 'näme,b\nZürich,😀\n日本,\u2028\n'],
  ['one column', 'a\n1\n2\n'],
  ['a header only', 'a,b\n'],
  ['long fields', `a,b\n1,${'x'.repeat(100_000)}\n2,"${'y\n'.repeat(50_000)}"\n`],
  ['header names with blanks and case', ' A , b c \n1,x\n'],
  ['comment signs', 'a,b\n#1,x\n2,#y\n'],
]

describe('CSV', () => {
  test.each(CSV)('%s', async (_name, text) => {
    const info = await put(text)
    const sample = await readSample(stores.storeFor(BUCKET), info)
    const { columns, properties } = sniffCsv([sample])
    const options = csvOptions(properties)
    const { records } = parseCsv(sampleText(sample), options, true)
    const seen = records
      .slice(options.header === 'names' ? 1 : 0)
      .map((record) => record.map((field) => (!field.quoted && field.text === options.nullText ? null : field.text)))
    const asText = await rows(
      'csv',
      info,
      columns.map(({ name }) => [name, VARCHAR] as const),
      properties,
    )
    expect(asText).toEqual(seen)
    // Every value is one of its column's type: nothing is rejected, nothing turns into NULL.
    const typed = await rows(
      'csv',
      info,
      columns.map(({ name, type }) => [name, type] as const),
      properties,
    )
    expect(typed.map((row) => row.map((value) => value === null))).toEqual(seen.map((row) => row.map((value) => value === null)))
    for (const [index, row] of typed.entries())
      for (const [place, value] of row.entries()) {
        const kind = columns[place]?.type.kind
        const raw = seen[index]?.[place]
        if (raw === null || raw === undefined) continue
        if (kind === 'varchar' || kind === 'date') expect(value).toBe(raw)
        else if (kind === 'bigint' || kind === 'double') expect(String(value)).toBe(String(Number(raw)))
        else if (kind === 'boolean') expect(String(value)).toBe(raw.toLowerCase())
        else expect(String(value).replace(/\.?0+$/, '')).toBe(raw.replace(/\.?0+$/, ''))
      }
  })
})

const JSON_LINES: readonly (readonly [name: string, text: string])[] = [
  ['scalars', '{"a":1,"b":"x","c":true,"d":1.5,"e":null}\n{"a":-2,"b":"","c":false,"d":-1e-3,"e":null}\n'],
  ['missing and reordered keys', '{"a":1,"b":"x"}\n{"b":"y"}\n{}\n{"b":"z","a":3}\n'],
  ['unicode and escapes', '{"a":"\\u00fc\\n\\"\\\\ 😀 \\ud83d\\ude00","b\\u0062":1}\n'],
  ['CRLF and blank lines', '{"a":1}\r\n\r\n{"a":2}\r\n'],
  ['byte order mark', '\ufeff{"a":1}\n'],
  ['blanks', ' { "a" : 1 , "b" : [ 1 , 2 ] } \n'],
  ['dates', '{"d":"2024-02-29","t":"2024-01-01 10:00:00"}\n{"d":null,"t":"0001-01-01 00:00:00.123"}\n'],
  ['text beside numbers', '{"a":1}\n{"a":"x"}\n{"a":true}\n'],
  ['nested', '{"r":{"x":1,"y":{"z":"q"}},"l":[1,null,3],"o":[{"k":"v"},{"k":null}]}\n{"r":null,"l":[],"o":null}\n'],
  ['limits', '{"a":9223372036854775807,"b":-9223372036854775808}\n'],
  ['upper case', '{"userId":1,"Name":"x"}\n{"userId":2}\n'],
  ['commas and braces in text', '{"a":"},{","b":"[\\"x\\"]"}\n'],
]

describe('JSON', () => {
  test.each(JSON_LINES)('%s', async (_name, text) => {
    const info = await put(text)
    const { columns, properties } = inferJson([await readSample(stores.storeFor(BUCKET), info)])
    const lines = text
      .replace('\ufeff', '')
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const typed = await rows(
      'json',
      info,
      columns.map(({ name, type }) => [name, type] as const),
      properties,
    )
    expect(typed.map((row) => row.map((value) => value === null))).toEqual(
      lines.map((line) => columns.map(({ name }) => (line[properties[`mapping.${name}`] ?? name] ?? null) === null)),
    )
    for (const [index, row] of typed.entries())
      for (const [place, value] of row.entries()) {
        const { name, type } = columns[place] as { name: string; type: Type }
        const raw = lines[index]?.[properties[`mapping.${name}`] ?? name]
        if (raw === null || raw === undefined) continue
        if (type.kind === 'varchar') expect(value).toBe(typeof raw === 'string' ? raw : JSON.stringify(raw))
        else if (type.kind === 'bigint' || type.kind === 'double' || type.kind === 'boolean' || type.kind === 'date')
          expect(value).toEqual(raw)
        else if (type.kind === 'array') expect(value).toHaveLength((raw as unknown[]).length)
      }
  })
})
