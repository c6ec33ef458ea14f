/** Folders of processes that are gone are removed; those of living ones, and of what is just being made, are not. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSpillFolder } from '#src/query/spill-folder'

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'weir-spill-'))
})
afterEach(() => rmSync(parent, { recursive: true }))

it('a living process keeps its folder until it closes it', async () => {
  const one = openSpillFolder(parent)
  writeFileSync(join(one.path, 'result'), 'x')
  const two = openSpillFolder(parent)
  expect(existsSync(join(one.path, 'result'))).toBe(true)
  await two.close()
  await one.close()
  expect(readdirSync(parent)).toEqual([])
})

it('the folder of a killed process goes with the next start', async () => {
  const script = `import { openSpillFolder } from '#src/query/spill-folder'; console.log(openSpillFolder(${JSON.stringify(parent)}).path); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: join(import.meta.dirname, '../../..') })
  const path = await new Promise<string>((resolve) => child.stdout.once('data', (text) => resolve(String(text).trim())))
  writeFileSync(join(path, 'result'), 'x')
  const living = openSpillFolder(parent)
  expect(existsSync(join(path, 'result'))).toBe(true)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
  const next = openSpillFolder(parent)
  expect(existsSync(path)).toBe(false)
  await living.close()
  await next.close()
})

it('a folder without a lock is left alone for a day', async () => {
  mkdirSync(join(parent, 'new'))
  mkdirSync(join(parent, 'old'))
  utimesSync(join(parent, 'old'), 0, 0)
  writeFileSync(join(parent, 'file'), '')
  const spill = openSpillFolder(parent)
  expect(readdirSync(parent).filter((name) => ['new', 'old', 'file'].includes(name))).toEqual(['file', 'new'])
  await spill.close()
})
