/** A process that scans s3://lake/t/one.parquet into a cache folder until it is killed. Arguments: folder, URL of the store. */
import { readFooter } from '#connectors/formats/parquet/read-footer'
import { createStores } from '#connectors/storage/registry'
import { BlockCache } from '#src/scan/block-cache'
import { createScanner } from '#src/scan/scanner'
import { BIGINT, INTEGER, VARCHAR } from '#src/types/type'
import { scanPlan } from './scan-plans.ts'

const [folder, url] = process.argv.slice(2) as [string, string]
const bucket = { scheme: 's3', name: 'lake' } as const
const stores = createStores({ env: { AWS_ENDPOINT_URL_S3: url, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } })
const store = stores.storeFor(bucket)
const info = await store.head('t/one.parquet')
const footer = await readFooter(store, info)
const cache = await BlockCache.open({ folder })
const columns = [
  ['a', INTEGER],
  ['b', BIGINT],
  ['s', VARCHAR],
] as const
await createScanner({ cache }).prepareScan(scanPlan({ bucket, columns, files: [{ info, footer }] }), {
  stores,
  signal: new AbortController().signal,
})
