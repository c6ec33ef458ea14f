/** Content negotiation: RFC 9110 12.4.2 (quality), 12.5.1 (ranges by specificity). */
import { describe, expect, it } from 'vitest'
import { negotiateCoding, negotiateFormat } from '#src/protocols/rest/negotiate'

const formatOf = (accept: string | undefined) => negotiateFormat(accept)?.format

describe('format by Accept', () => {
  it.each([
    [undefined, 'json-rows'],
    ['', 'json-rows'],
    ['*/*', 'json-rows'],
    ['application/json', 'json-rows'],
    ['text/csv', 'csv'],
    ['TEXT/CSV', 'csv'],
    ['text/*', 'csv'],
    ['application/x-ndjson', 'ndjson'],
    ['application/vnd.apache.arrow.stream', 'arrow'],
    ['application/vnd.apache.parquet', 'parquet'],
    ['text/html, */*;q=0.1', 'json-rows'],
    ['application/json;q=0.5, text/csv', 'csv'],
    ['application/json;q=0, */*', 'ndjson'],
    ['text/csv; header=present', 'csv'],
  ])('%s → %s', (accept, format) => {
    expect(formatOf(accept)).toBe(format)
  })

  it.each(['text/html', 'image/png, application/xml', 'application/json;q=0'])('%s is not acceptable', (accept) => {
    expect(formatOf(accept)).toBeUndefined()
  })
})

describe('coding by Accept-Encoding', () => {
  it.each([
    [undefined, 'json-rows', undefined],
    ['gzip', 'json-rows', 'gzip'],
    ['gzip, deflate, br, zstd', 'csv', 'zstd'],
    ['zstd;q=0.1, gzip', 'ndjson', 'gzip'],
    ['gzip;q=0', 'json-rows', undefined],
    ['identity', 'json-rows', undefined],
    ['*', 'arrow', 'zstd'],
    ['gzip', 'parquet', undefined],
  ] as const)('%s for %s → %s', (accept, format, coding) => {
    expect(negotiateCoding(accept, format)).toBe(coding)
  })
})
