/** openapi.yaml is a valid document, and routes are made of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import fastify from 'fastify'
import { expect, it } from 'vitest'
import { addOperations } from '#src/protocols/rest/operations'

it('openapi.yaml is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(readFileSync(join(import.meta.dirname, '../../../openapi.yaml'), 'utf8'))
  expect(result).toEqual({ valid: true })
})

const document = {
  paths: {
    '/things/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      get: {
        operationId: 'getThing',
        parameters: [{ name: 'limit', in: 'query', required: true, schema: { type: 'integer', maximum: 5 } }],
        responses: { 200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } } },
      },
    },
  },
  components: {
    parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'integer' } } },
    schemas: { Thing: { type: 'object', properties: { id: { type: 'integer' }, limit: { type: 'integer' } } } },
  },
}

it('requests are checked and answers shaped by the schemas behind references', async () => {
  const server = fastify()
  addOperations(server, document, {
    getThing: async ({ params, query }) => ({ ...(params as object), ...(query as object), secret: 'not in the schema' }),
  })
  expect((await server.inject('/things/7?limit=3')).json()).toEqual({ id: 7, limit: 3 })
  for (const url of ['/things/7', '/things/7?limit=6', '/things/x?limit=1']) expect((await server.inject(url)).statusCode).toBe(400)
  await server.close()
})

it('what does not fit together is told at the start', () => {
  expect(() => addOperations(fastify(), document, {})).toThrow('getThing')
  const dangling = { ...document, components: { ...document.components, parameters: {} } }
  expect(() => addOperations(fastify(), dangling, {})).toThrow('#/components/parameters/Id is not there')
  const endless = {
    ...document,
    components: { ...document.components, schemas: { Thing: { items: { $ref: '#/components/schemas/Thing' } } } },
  }
  expect(() => addOperations(fastify(), endless, {})).toThrow('holds itself')
})
