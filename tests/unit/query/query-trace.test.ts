import { type Attributes, type Context, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { afterEach, expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import { QueryRecord } from '#src/query/query-record'

interface Recorded {
  readonly name: string
  readonly parent: string | undefined
  attributes: Attributes
  status: SpanStatusCode | undefined
  ended: number
}

afterEach(() => trace.disable())

/** What an operator's SDK is to the API: a provider that keeps what it is told. */
function record(): readonly Recorded[] {
  const spans: Recorded[] = []
  const names = new Map<Span, string>()
  trace.setGlobalTracerProvider({
    getTracer: () => ({
      startSpan(name: string, options: { readonly attributes?: Attributes } = {}, context?: Context): Span {
        const above = context === undefined ? undefined : trace.getSpan(context)
        const own: Recorded = {
          name,
          parent: above && names.get(above),
          attributes: { ...options.attributes },
          status: undefined,
          ended: 0,
        }
        spans.push(own)
        const span = {
          setAttribute: (key: string, value: string) => Object.assign(own.attributes, { [key]: value }),
          setAttributes: (more: Attributes) => Object.assign(own.attributes, more),
          setStatus: ({ code }: { readonly code: SpanStatusCode }) => {
            own.status = code
          },
          end: () => own.ended++,
        } as unknown as Span
        names.set(span, name)
        return span
      },
      startActiveSpan: () => {
        throw new Error('not used')
      },
    }),
  })
  return spans
}

it('a query is a span with a child for each phase, without its text', () => {
  const spans = record()
  const query = new QueryRecord('q1', "SELECT 'secret'", 'ada')
  query.enter('PLANNING')
  query.enter('RUNNING')
  query.phase('kernel')
  query.addRows(7)
  query.end(undefined)
  expect(spans.map(({ name, parent, ended }) => [name, parent, ended])).toEqual([
    ['query', undefined, 1],
    ['queue', 'query', 1],
    ['plan', 'query', 1],
    ['fetch', 'query', 1],
    ['kernel', 'query', 1],
  ])
  expect(spans[0]?.attributes).toMatchObject({ 'weir.query.id': 'q1', 'user.name': 'ada', 'db.response.returned_rows': 7 })
  expect(JSON.stringify(spans)).not.toContain('secret')
})

it('a failed query has its error name', () => {
  const spans = record()
  const query = new QueryRecord('q2', 'SELECT', 'ada')
  query.end(new QueryError('SYNTAX_ERROR', "mismatched input 'secret'"))
  expect(spans[0]).toMatchObject({ status: SpanStatusCode.ERROR, attributes: { 'error.type': 'SYNTAX_ERROR' } })
  expect(JSON.stringify(spans)).not.toContain('secret')
})
