/** trino-jdbc 476 and Python `trino` 0.340 over TLS: passwords, tokens, impersonation, what is refused and how it is told. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '#tests/support/certificates'
import { runJdbcProgram, trinoJdbc } from '#tests/support/java'
import { makeTokenIssuer, writePasswordFile } from '#tests/support/logins'
import { pythonTools, runTool } from '#tests/support/tools'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { installed } from './client-server.ts'

const jar = await installed('trino-jdbc', async () => {
  await runTool('javac', ['-version'])
  return trinoJdbc()
})
const python = await installed('Python trino', () => pythonTools('trino-client', ['trino==0.340.0']))

describe.skipIf(jar === undefined && python === undefined)('clients that log in over TLS', () => {
  let folder: string
  let server: WeirServer
  let certificate: string
  let token: string
  let expired: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'weir-clients-'))
    const { cert, key } = makeCertificate(folder, 'weir')
    certificate = cert
    const issuer = await makeTokenIssuer(folder)
    token = await issuer.token({ sub: 'carol' })
    expired = await issuer.token({ sub: 'carol', exp: 1 })
    const passwords = writePasswordFile(join(folder, 'users'), { alice: 'wonderland', dashboard: 'shiny' })
    const tls = ['--tls-cert', cert, '--tls-key', key]
    const jwt = ['--jwt-keys', issuer.keys, '--jwt-issuer', 'https://issuer.test', '--jwt-audience', 'weir']
    server = await startWeir({ args: [...tls, ...jwt, '--password-file', passwords, '--impersonation', 'dashboard:.*'] })
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it.skipIf(jar === undefined)('trino-jdbc 476', async () => {
    const { host } = new URL(server.url)
    const output = await runJdbcProgram(join(import.meta.dirname, 'AuthClient.java'), host, certificate, token)
    const seen = Object.fromEntries(
      output
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split(/=(.*)/s).slice(0, 2)),
    )
    expect(seen).toEqual({
      password: 'alice 9999',
      token: 'carol 9999',
      'token and user': 'carol 9999',
      'wrong password': 'Authentication failed: Access Denied: Invalid credentials',
      'no password': expect.stringContaining('Authentication failed: Authentication required'),
      impersonated: 'alice 9999',
      'not impersonated': expect.stringContaining('Access Denied: User alice cannot impersonate user bob'),
      'unknown certificate': expect.stringContaining('unable to find valid certification path'),
      validated: expect.stringContaining('Invalid authentication'),
    })
  })

  it.skipIf(python === undefined)('Python trino 0.340', async () => {
    const { hostname, port } = new URL(server.url)
    const script = join(import.meta.dirname, 'auth_client.py')
    const seen = JSON.parse(await runTool(join(python as string, 'python'), [script, hostname, port, certificate, token, expired]))
    expect(seen).toEqual({
      password: ['alice', 9999],
      token: ['carol', 9999],
      'password and user': ['alice', 9999],
      'wrong password': expect.stringContaining('401'),
      'expired token': expect.stringContaining('401'),
      nothing: expect.stringContaining('401'),
      impersonated: ['alice', 9999],
      'not impersonated': expect.stringContaining('Access Denied: User alice cannot impersonate user bob'),
      'unknown certificate': expect.stringContaining('CERTIFICATE_VERIFY_FAILED'),
    })
  })
})
