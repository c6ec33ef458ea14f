/** Authentication over TLS on all protocols, by raw requests: who is let in, as whom, and what is never to be reached without. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type IncomingHttpHeaders, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Certificate, makeCertificate } from '#tests/support/certificates'
import { makeTokenIssuer, type TokenIssuer, writePasswordFile } from '#tests/support/logins'
import { startWeir, type WeirServer, weir } from '#tests/support/weir'

let folder: string
let certificate: Certificate
let issuer: TokenIssuer
let passwords: string
let server: WeirServer

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly base?: string
}

/** The path goes out as it is. */
function ask(path: string, { method = 'GET', headers = {}, body, base = server.url }: Asked = {}): Promise<Answer> {
  const { protocol, hostname, port } = new URL(base)
  const send = protocol === 'https:' ? secureRequest : plainRequest
  const options = {
    hostname,
    port,
    path,
    method,
    headers,
    agent: false,
    ...(protocol === 'https:' && { ca: readFileSync(certificate.cert) }),
  }
  return new Promise((resolve, reject) => {
    const request = send(options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

const basic = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })
const ALICE = basic('alice', 'wonderland')
const BOB = basic('bob', 'builder')
const DASHBOARD = basic('dashboard', 'shiny')

const sql = (text: string, headers: Record<string, string>): Promise<Answer> =>
  ask('/api/v1/sql', { method: 'POST', headers: { ...headers, 'content-type': 'text/plain' }, body: text })

/** Runs a statement by Trino's protocol to its end; the rows, or the first answer that is no 200. */
async function statement(
  text: string,
  headers: Record<string, string>,
): Promise<Answer & { readonly rows: readonly (readonly unknown[])[] }> {
  let answer = await ask('/v1/statement', { method: 'POST', headers, body: text })
  const rows: (readonly unknown[])[] = []
  while (answer.status === 200) {
    const page = JSON.parse(answer.text)
    rows.push(...(page.data ?? []))
    if (page.nextUri === undefined) break
    const { pathname } = new URL(page.nextUri)
    const { authorization } = headers
    answer = await ask(pathname, { headers: authorization === undefined ? {} : { authorization } })
  }
  return { ...answer, rows }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-auth-'))
  certificate = makeCertificate(folder, 'one')
  issuer = await makeTokenIssuer(folder)
  passwords = writePasswordFile(join(folder, 'users'), { alice: 'wonderland', bob: 'builder', dashboard: 'shiny' })
  const tls = ['--tls-cert', certificate.cert, '--tls-key', certificate.key]
  const jwt = ['--jwt-keys', issuer.keys, '--jwt-issuer', 'https://issuer.test', '--jwt-audience', 'weir']
  server = await startWeir({
    args: [...tls, ...jwt, '--password-file', passwords, '--impersonation', 'dashboard:a.*'],
    env: { WEIR_TOKEN: 'operators' },
  })
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('credentials', () => {
  it('a password or a token says who runs the query, on REST and on the statement protocol', async () => {
    expect(JSON.parse((await sql('SELECT current_user', ALICE)).text).rows).toEqual([['alice']])
    expect(JSON.parse((await sql('SELECT current_user', bearer(await issuer.token({ sub: 'carol' })))).text).rows).toEqual([['carol']])
    expect((await statement('SELECT current_user', ALICE)).rows).toEqual([['alice']])
    expect((await statement('SELECT current_user', bearer(await issuer.token({ sub: 'carol' })))).rows).toEqual([['carol']])
    expect((await statement('SELECT current_user', { ...ALICE, 'x-trino-user': 'alice' })).rows).toEqual([['alice']])
    expect((await ask('/v1/statement', { method: 'HEAD', headers: ALICE })).status).toBe(200)
    expect((await ask('/metrics', { headers: ALICE })).status).toBe(200)
  })

  it('the command line logs in by a password or a token', async () => {
    const run = (args: readonly string[], env: Readonly<Record<string, string>>, base = server.url) =>
      weir(['query', 'SELECT current_user AS me', '--server', base, ...args], { env: { NODE_EXTRA_CA_CERTS: certificate.cert, ...env } })
    const told = async (...asked: Parameters<typeof run>) => {
      const { code, stdout, stderr } = await run(...asked)
      return `${code} ${stdout.trim().split('\n').at(-1)}${stderr.trim().split('\n')[0]}`
    }
    expect(await told(['--user', 'alice'], { WEIR_PASSWORD: 'wonderland' })).toBe('0 alice')
    expect(await told([], { WEIR_USER: 'bob', WEIR_PASSWORD: 'builder' })).toBe('0 bob')
    expect(await told([], { WEIR_TOKEN: await issuer.token({ sub: 'carol' }) })).toBe('0 carol')
    expect(await told(['--user', 'dora'], { WEIR_TOKEN: await issuer.token({ sub: 'carol' }) })).toContain(
      'User carol cannot impersonate user dora',
    )
    expect(await told(['--user', 'dora'], { WEIR_TOKEN: 'operators' })).toBe('0 dora')
    expect(await told(['--user', 'alice'], { WEIR_PASSWORD: 'looking-glass' })).toMatch(/^1 .*Access Denied: Invalid credentials/)
    expect(await told(['--user', 'alice'], {})).toMatch(/^1 .*Authentication required/)
    expect(await told([], { WEIR_PASSWORD: 'wonderland' })).toMatch(/^1 .*There is a password \(WEIR_PASSWORD\), but no user/)
    expect(await told(['--user', 'alice'], { WEIR_PASSWORD: 'x', WEIR_TOKEN: 'y' })).toMatch(/^1 .*a token and a password/)
    expect(await told(['--user', 'alice'], { WEIR_PASSWORD: 'x' }, 'http://weir.example:8080')).toMatch(/^1 .*weir.example unencrypted/)
    expect(await told([], {}, 'https://alice:wonderland@127.0.0.1:1')).toMatch(/^1 .*--server takes no user and no password/)
    expect(await told([], {}, '127.0.0.1:8080')).toMatch(/^1 .*--server takes a URL/)
  })

  it('the token of WEIR_TOKEN stands for whomever its holder names', async () => {
    expect((await statement('SELECT current_user', { ...bearer('operators'), 'x-trino-user': 'zoe' })).rows).toEqual([['zoe']])
    expect(JSON.parse((await sql('SELECT current_user', bearer('operators'))).text).rows).toEqual([['weir']])
  })

  it('without them, or with wrong ones, it is 401 with the ways in', async () => {
    const wrong: Record<string, string>[] = [
      {},
      { 'x-trino-user': 'alice' },
      basic('alice', 'wrong'),
      basic('alice', ''),
      basic('nobody', 'wonderland'),
      { authorization: 'Basic' },
      { authorization: 'Basic !!!' },
      { authorization: 'Digest x' },
      bearer('operator'),
      bearer(await issuer.token({ sub: 'alice', exp: 1 })),
      bearer('x'.repeat(50_000)),
    ]
    for (const headers of wrong) {
      const rest = await sql('SELECT 1', headers)
      expect([rest.status, JSON.parse(rest.text).error.name]).toEqual([401, 'PERMISSION_DENIED'])
      const trino = await ask('/v1/statement', { method: 'POST', headers, body: 'SELECT 1' })
      expect(trino.status).toBe(401)
      expect(trino.headers['www-authenticate']).toBe('Basic realm="Trino", Bearer realm="Weir"')
      expect(trino.text).toBe(
        headers.authorization === undefined
          ? 'Authentication required: send the header Authorization: Basic <user and password> or Bearer <token>'
          : 'Access Denied: Invalid credentials',
      )
    }
  })

  it('no spelling of a path or method gets around them', async () => {
    const paths = [
      '//v1/statement',
      '/v1//statement',
      '/v1/statement/',
      '/V1/statement',
      '/v1/%73tatement',
      '/v1%2fstatement',
      '/health/live/../../v1/statement',
      '/health/live/..%2f..%2fv1/statement',
      '/health/live;/v1/statement',
      '/health/live%3f/../metrics',
      '/health/live/',
      '//health/live',
      '/v1/spooled%2f../query',
      '/v1/spooledx',
      '/v1/query',
      '/v1/info',
      '/api/v1/queries',
      '/api/v1/tables',
      '/metrics',
      '/docs',
      '/docs/json',
      '/openapi.yaml',
      '/nothing',
      '/?/health/live',
    ]
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
        const { status } = await ask(path, { method, headers: { 'x-trino-user': 'alice' } })
        expect([400, 401, 404], `${method} ${path}: ${status}`).toContain(status)
        if (status === 404) expect((await ask(path, { method: 'GET', headers: ALICE })).status, path).toBe(404)
      }
    }
    // Only segments of results are below it, each with a secret of its own.
    for (const path of ['/v1/spooled/../statement', '/v1/spooled/..%2fstatement', '/v1/spooled/download/x'])
      expect([400, 401, 404]).toContain((await ask(path)).status)
    for (const path of ['/health/live', '/health/ready', '/health/live?x=1']) expect((await ask(path)).status).toBe(200)
    const absolute = await ask(`${server.url}/health/live/../../v1/info`)
    expect([400, 401, 404]).toContain(absolute.status)
  })

  it('what a page of another site makes a browser send is refused in spite of its password', async () => {
    expect((await sql('SELECT 1', { ...ALICE, origin: 'https://evil.example' })).status).toBe(403)
    expect((await sql('SELECT 1', { ...ALICE, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await sql('SELECT 1', { ...ALICE, origin: server.url })).status).toBe(200)
  })
})

describe('users', () => {
  it('act for themselves only, unless a rule says otherwise', async () => {
    for (const path of ['/v1/statement', '/api/v1/sql']) {
      for (const header of ['x-trino-user', 'x-trino-original-user']) {
        const answer = await ask(path, {
          method: 'POST',
          headers: { ...BOB, [header]: 'alice', 'content-type': 'text/plain' },
          body: 'SELECT 1',
        })
        expect(answer.status).toBe(403)
        expect(answer.text).toContain('Access Denied: User bob cannot impersonate user alice')
      }
    }
    expect((await statement('SELECT current_user', { ...DASHBOARD, 'x-trino-user': 'alice' })).rows).toEqual([['alice']])
    expect((await statement('SELECT 1', { ...DASHBOARD, 'x-trino-user': 'bob' })).text).toBe(
      'Access Denied: User dashboard cannot impersonate user bob',
    )
    // The whole name must match.
    expect((await statement('SELECT 1', { ...DASHBOARD, 'x-trino-user': 'zalice' })).status).toBe(403)
    expect((await statement('SELECT 1', { ...BOB, 'x-trino-user': 'Bob' })).status).toBe(403)
  })

  it('change to another by SET SESSION AUTHORIZATION where a rule lets them, as BI tools do', async () => {
    const capable = { 'x-trino-client-capabilities': 'SESSION_AUTHORIZATION' }
    const change = await statement('SET SESSION AUTHORIZATION alice', { ...DASHBOARD, ...capable, 'x-trino-user': 'dashboard' })
    expect(change.headers['x-trino-set-authorization-user']).toBe('alice')
    const after = { ...DASHBOARD, ...capable, 'x-trino-user': 'alice', 'x-trino-original-user': 'dashboard' }
    expect((await statement('SELECT current_user', after)).rows).toEqual([['alice']])
    expect((await statement('RESET SESSION AUTHORIZATION', after)).headers['x-trino-reset-authorization-user']).toBe('true')
    for (const [who, whom] of [
      [DASHBOARD, 'bob'],
      [ALICE, 'bob'],
    ] as const)
      expect(JSON.parse((await statement(`SET SESSION AUTHORIZATION ${whom}`, { ...who, ...capable })).text).error).toMatchObject({
        errorName: 'PERMISSION_DENIED',
        message: expect.stringContaining('cannot impersonate user bob'),
      })
    const anybody = await statement('SET SESSION AUTHORIZATION zoe', { ...bearer('operators'), ...capable })
    expect(anybody.headers['x-trino-set-authorization-user']).toBe('zoe')
  })

  it("do not see, read or cancel each other's queries", async () => {
    const submitted = await ask('/api/v1/queries', {
      method: 'POST',
      headers: { ...ALICE, 'content-type': 'application/json' },
      body: JSON.stringify({ sql: "SELECT 'a secret of alice'" }),
    })
    const { id } = JSON.parse(submitted.text)
    await expect.poll(async () => (await ask(`/api/v1/queries/${id}/results`, { headers: ALICE })).status).toBe(200)
    const path = `/api/v1/queries/${id}`
    for (const [method, where, text] of [
      ['GET', path, 'Cannot view query'],
      ['GET', `${path}/results`, 'Cannot view query'],
      ['DELETE', path, 'Cannot kill query'],
      ['GET', `/v1/query/${id}`, 'Cannot view query'],
      ['DELETE', `/v1/query/${id}`, 'Cannot kill query'],
    ] as const) {
      const answer = await ask(where, { method, headers: BOB })
      expect([answer.status, answer.text], `${method} ${where}`).toEqual([403, expect.stringContaining(`Access Denied: ${text}`)])
      expect(answer.text).not.toContain('secret')
    }
    for (const list of ['/api/v1/queries', '/v1/query']) {
      expect((await ask(list, { headers: BOB })).text).not.toContain(id)
      for (const headers of [ALICE, DASHBOARD, bearer('operators')]) expect((await ask(list, { headers })).text).toContain(id)
    }
    expect((await ask(`${path}/results`, { headers: DASHBOARD })).status).toBe(200)
    const others = "SELECT query FROM system.runtime.queries WHERE query LIKE '%of alice''' AND query NOT LIKE '%runtime%'"
    for (const run of [sql, statement]) {
      expect(JSON.stringify(await run(others, BOB))).not.toContain('secret')
      for (const headers of [ALICE, { ...DASHBOARD, 'x-trino-user': 'alice' }]) {
        const answer = await run(others, headers)
        expect('rows' in answer ? answer.rows : JSON.parse(answer.text).rows).toEqual([["SELECT 'a secret of alice'"]])
      }
    }

    const first = JSON.parse((await ask('/v1/statement', { method: 'POST', headers: ALICE, body: 'SELECT 1' })).text)
    const { pathname } = new URL(first.nextUri)
    expect((await ask(pathname, { headers: BOB })).status).toBe(403)
    expect((await ask(pathname, { method: 'DELETE', headers: BOB })).status).toBe(403)
    expect((await ask(pathname)).status).toBe(401)
    expect((await ask(pathname, { headers: ALICE })).status).toBe(200)
  })
})

describe('connections', () => {
  const portOf = (base: string): number => Number(new URL(base).port)

  it('headers of 60 KB pass over TLS, more is 431', async () => {
    const headers = (bytes: number) => ({ ...ALICE, 'x-trino-prepared-statement': `p=SELECT+${'x'.repeat(bytes)}` })
    expect((await statement('SELECT 1', headers(60_000))).rows).toEqual([[1]])
    expect((await ask('/v1/info', { headers: headers(70_000) })).status).toBe(431)
  })

  it('headers that do not come are waited for 20 s, and so is a handshake', async () => {
    const slow = connectTls({ host: '127.0.0.1', port: portOf(server.url), ca: readFileSync(certificate.cert) })
    let text = ''
    slow.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    slow.write('GET /v1/info HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    const drip = setInterval(() => slow.writable && slow.write('x'), 1000)
    const silent = connectPlain(portOf(server.url), '127.0.0.1')
    silent.on('error', () => undefined)
    await Promise.all([slow, silent].map((socket) => new Promise((resolve) => socket.on('close', resolve))))
    clearInterval(drip)
    expect(text).toContain('408 Request Timeout')
  })

  it('a renewed certificate is taken over, by itself or on SIGHUP; a bad one is not', async () => {
    const live = { cert: join(folder, 'live.crt'), key: join(folder, 'live.key') }
    const take = ({ cert, key }: Certificate): void => {
      copyFileSync(cert, live.cert)
      copyFileSync(key, live.key)
    }
    take(certificate)
    const renewing = await startWeir({ args: ['--tls-cert', live.cert, '--tls-key', live.key, '--password-file', passwords] })
    const name = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket: TLSSocket = connectTls({ host: '127.0.0.1', port: portOf(renewing.url), rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN))
          socket.destroy()
        })
        socket.on('error', reject)
      })
    try {
      expect(await name()).toBe('one')
      take(makeCertificate(folder, 'two'))
      renewing.process.kill('SIGHUP')
      await expect.poll(name).toBe('two')
      copyFileSync(join(folder, 'users'), live.cert)
      renewing.process.kill('SIGHUP')
      await expect.poll(() => renewing.log()).toContain('The certificate stays as it was')
      expect(await name()).toBe('two')
      take(makeCertificate(folder, 'three'))
      await expect.poll(name).toBe('three')
    } finally {
      await renewing.stop()
    }
  })

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address

  it.skipIf(outside === undefined)('passwords are not taken over plain HTTP but from this machine', async () => {
    const args = ['--password-file', passwords, '--host', '0.0.0.0', '--trust-proxy']
    const plain = await startWeir({ args })
    try {
      const { port } = new URL(plain.url)
      const inside = `http://127.0.0.1:${port}`
      const across = `http://${outside}:${port}`
      const status = async (base: string, headers: Record<string, string>) => (await ask('/v1/info', { base, headers })).status
      expect(await status(inside, ALICE)).toBe(200)
      expect(await status(across, ALICE)).toBe(403)
      expect((await ask('/v1/info', { base: across })).text).toBe('Authentication over HTTP is not enabled')
      expect((await ask('/v1/info', { base: across })).headers['www-authenticate']).toBeUndefined()
      // A proxy says how its client came.
      expect(await status(across, { ...ALICE, 'x-forwarded-proto': 'https' })).toBe(200)
      expect(await status(inside, { ...ALICE, 'x-forwarded-proto': 'http' })).toBe(403)
    } finally {
      await plain.stop()
    }
  })
})

describe('at the start', () => {
  const refused = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await weir(['serve', '--port', '0', '--data', join(folder, 'data'), ...args])
    expect(code).toBe(1)
    return stderr
  }

  it('what would not be safe, or cannot work, is refused', async () => {
    expect(await refused('--password-file', join(folder, 'none'))).toContain('Cannot read the password file')
    expect(await refused('--password-file', issuer.keys)).toContain('is wrong in line 1')
    expect(await refused('--jwt-keys', passwords)).toContain('Cannot use the key set')
    expect(await refused('--host', '0.0.0.0')).toContain('Without authentication the server listens on loopback only')
    expect(await refused('--host', '0.0.0.0', '--password-file', passwords)).toContain('Without TLS others could read the passwords')
    expect(await refused('--impersonation', 'a:b')).toContain('--impersonation needs --password-file or --jwt-keys')
    expect(await refused('--password-file', passwords, '--impersonation', 'a')).toContain('it is not PRINCIPAL:USER')
    expect(await refused('--password-file', passwords, '--impersonation', 'a:(')).toContain('is wrong: Invalid regular expression')
    expect(await refused('--jwt-issuer', 'x')).toContain('need --jwt-keys')
  })
})
