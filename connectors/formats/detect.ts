/** What format a file has: by its first bytes, then by its name, then by what its text looks like. */
import { QueryError } from '#src/common/errors'
import type { ObjectInfo, ObjectStore } from '../storage/object-store.ts'
import { readSample, type Sample, sampleText } from './sample.ts'

export type DataFormat = 'parquet' | 'csv' | 'json'

const DETECT_BYTES = 64 * 1024

/** Binary formats that people keep in lakes and that Weir does not read. */
const FOREIGN: readonly { readonly magic: string; readonly name: string }[] = [
  { magic: 'ORC', name: 'ORC' },
  { magic: 'Obj\u0001', name: 'Avro' },
  { magic: 'SEQ', name: 'a Hadoop sequence file' },
  { magic: 'RCF', name: 'RCFile' },
  { magic: 'ARROW1', name: 'Arrow' },
  { magic: 'SQLite format 3', name: 'an SQLite database' },
]

const EXTENSIONS: Readonly<Record<string, DataFormat>> = {
  parquet: 'parquet',
  parq: 'parquet',
  pq: 'parquet',
  csv: 'csv',
  tsv: 'csv',
  psv: 'csv',
  tbl: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
}

/** Throws HIVE_UNSUPPORTED_FORMAT naming the file, HIVE_BAD_DATA (compression, no UTF-8), StoreError. */
export async function detectFormat(store: ObjectStore, info: ObjectInfo, signal?: AbortSignal): Promise<DataFormat> {
  return detectSample(await readSample(store, info, signal, DETECT_BYTES))
}

export function detectSample(sample: Sample): DataFormat {
  const head = Buffer.from(sample.bytes.subarray(0, 16)).toString('latin1')
  if (head.startsWith('PAR1') || head.startsWith('PARE')) return 'parquet'
  const foreign = FOREIGN.find(({ magic }) => head.startsWith(magic))
  if (foreign !== undefined && (sample.bytes.includes(0) || foreign.magic.length > 3)) throw unsupported(sample, `is ${foreign.name}`)
  const named = formatByName(sample.key)
  if (named === 'parquet') return 'parquet'
  if (sample.bytes.includes(0) && !isUtf16(sample.bytes)) throw unsupported(sample, 'is binary and of no format that Weir reads')
  const text = sampleText(sample).trimStart()
  if (named === 'csv') return 'csv'
  if (text.startsWith('[') && (named === 'json' || /^\[\s*[{\]]/.test(text)))
    throw unsupported(sample, 'is one JSON array', 'Weir reads JSON with one object a line.')
  if (named === 'json' || /^\{\s*["}]/.test(text)) return 'json'
  return 'csv'
}

/** `x.CSV.gz` → csv; undefined when the name says nothing. */
export function formatByName(key: string): DataFormat | undefined {
  const name = key.slice(key.lastIndexOf('/') + 1).toLowerCase()
  const extensions = name.split('.').slice(1)
  return extensions
    .reverse()
    .map((extension) => EXTENSIONS[extension])
    .find((format) => format !== undefined)
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}

function unsupported(sample: Sample, what: string, hint = 'Weir reads Parquet, CSV and JSON lines.'): QueryError {
  return new QueryError('HIVE_UNSUPPORTED_FORMAT', `File ${sample.location} ${what}, which is not supported`, { hint })
}
