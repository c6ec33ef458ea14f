/** CONTRACT.md section 4, Access. */
import { describe, expect, it } from 'vitest'
import { type AccessOptions, checkAccess } from '#src/server/access'

const open = { token: undefined, insecure: false }
const guarded = { token: 'correct horse', insecure: false }
const status = async (path: string, headers: Record<string, string>, options: AccessOptions) => {
  const access = await checkAccess({ path, headers, secure: true }, options)
  return access.kind === 'granted' ? 200 : access.status
}

describe('without a token', () => {
  it.each(['localhost', 'localhost:8080', '127.0.0.1:8080', '[::1]:8080', '[::1]', 'LOCALHOST:1'])('Host %s may', async (host) => {
    expect(await status('/api/v1/sql', { host }, open)).toBe(200)
  })
  it.each(['evil.example', 'evil.example:8080', '127.0.0.1.evil.example', '10.0.0.1', ''])(
    'Host %s may not (DNS rebinding)',
    async (host) => {
      expect(await status('/api/v1/sql', { host }, open)).toBe(403)
    },
  )
  it('a foreign Origin or a cross-site fetch may not, our own may', async () => {
    const host = 'localhost:8080'
    expect(await status('/x', { host, origin: 'https://evil.example' }, open)).toBe(403)
    expect(await status('/x', { host, origin: 'null' }, open)).toBe(403)
    expect(await status('/x', { host, 'sec-fetch-site': 'cross-site' }, open)).toBe(403)
    expect(await status('/x', { host, origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }, open)).toBe(200)
  })
  it('--insecure lets other hosts in, but no other site', async () => {
    expect(await status('/x', { host: '10.0.0.1' }, { token: undefined, insecure: true })).toBe(200)
    expect(await status('/x', { host: '10.0.0.1', origin: 'https://evil.example' }, { token: undefined, insecure: true })).toBe(403)
  })
})

describe('with a token', () => {
  const host = 'weir.example'
  it('needs it on every path but the health checks', async () => {
    expect(await status('/api/v1/sql', { host }, guarded)).toBe(401)
    expect(await status('/metrics', { host, authorization: 'Bearer wrong' }, guarded)).toBe(401)
    expect(await status('/docs', { host, authorization: 'Basic Y29ycmVjdA==' }, guarded)).toBe(401)
    expect(await status('/health/live', { host }, guarded)).toBe(200)
  })
  it('is taken from any host', async () => {
    expect(await status('/api/v1/sql', { host, authorization: 'Bearer token' }, { token: 'token', insecure: false })).toBe(200)
    expect(await status('/api/v1/sql', { host, authorization: 'bearer   token' }, { token: 'token', insecure: false })).toBe(200)
  })
})
