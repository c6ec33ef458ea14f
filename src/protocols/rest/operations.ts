/**
 * The routes of an OpenAPI 3.1 document: requests are validated and answers shaped by its schemas. That the document is a
 * valid one is a test's to say (it takes longer than all the rest of a start).
 */
import type { FastifyInstance, HTTPMethods, RouteHandlerMethod } from 'fastify'

type Json = null | boolean | number | string | readonly Json[] | JsonObject
interface JsonObject {
  readonly [name: string]: Json | undefined
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: JsonObject
}

type Content = Readonly<Record<string, { readonly schema?: JsonObject }>>

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

const METHODS: ReadonlySet<string> = new Set<Lowercase<HTTPMethods>>(['delete', 'get', 'head', 'options', 'patch', 'post', 'put'])
/** Where Fastify looks for the schemas of parameters. */
const PLACES = { path: 'params', query: 'querystring', header: 'headers' } as const
/** Results in other formats are streams of bytes: there is nothing in them for a schema to shape. */
const SHAPED = 'application/json'

/** `handlers` are named by operationId; throws where one is missing. */
export function addOperations(server: FastifyInstance, document: JsonObject, handlers: Readonly<Record<string, RouteHandlerMethod>>): void {
  const { paths } = resolved(document, document, []) as { readonly paths: Readonly<Record<string, JsonObject>> }
  for (const [path, { parameters: shared = [], ...operations }] of Object.entries(paths)) {
    for (const [method, value] of Object.entries(operations).filter(([name]) => METHODS.has(name))) {
      const operation = value as unknown as Operation
      const handler = handlers[operation.operationId]
      if (handler === undefined) throw new Error(`openapi.yaml names ${operation.operationId}, which has no handler`)
      server.route({
        method: method.toUpperCase() as HTTPMethods,
        url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
        schema: {
          ...parameterSchemas([...(shared as unknown as readonly Parameter[]), ...(operation.parameters ?? [])]),
          ...(operation.requestBody && { body: { content: operation.requestBody.content } }),
          response: responseSchemas(operation),
        },
        handler,
      })
    }
  }
}

function parameterSchemas(parameters: readonly Parameter[]): Readonly<Record<string, unknown>> {
  const schemas: Record<string, { type: 'object'; properties: Record<string, unknown>; required: string[] }> = {}
  for (const { name, in: place, required, schema } of parameters) {
    schemas[PLACES[place]] ??= { type: 'object', properties: {}, required: [] }
    const group = schemas[PLACES[place]] as (typeof schemas)[string]
    group.properties[name] = schema
    if (required) group.required.push(name)
  }
  return schemas
}

function responseSchemas({ responses }: Operation): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(responses).flatMap(([status, { content }]) => {
      const shaped = content?.[SHAPED]
      return shaped === undefined ? [] : [[status, { content: { [SHAPED]: shaped } }]]
    }),
  )
}

/** A copy with what its `$ref`s name in their places; `open` are the references on the way here. */
function resolved(value: Json | undefined, document: JsonObject, open: readonly string[]): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => resolved(item as Json, document, open) as Json)
  if (typeof value !== 'object' || value === null) return value
  const { $ref } = value as JsonObject
  if (typeof $ref === 'string') {
    if (open.includes($ref)) throw new Error(`openapi.yaml: ${$ref} holds itself`)
    const target = $ref
      .replace('#/', '')
      .split('/')
      .reduce<Json | undefined>((at, name) => (at as JsonObject | undefined)?.[name], document)
    if (target === undefined) throw new Error(`openapi.yaml: ${$ref} is not there`)
    return resolved(target, document, [...open, $ref])
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolved(item, document, open)]))
}
