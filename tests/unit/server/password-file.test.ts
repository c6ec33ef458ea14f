/** htpasswd files of bcrypt: what is read, what is refused, what is known of a file that changes, what a check costs. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import bcrypt from 'bcryptjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPasswordFile, type Passwords } from '#src/server/auth/password-file'
import { writePasswordFile } from '#tests/support/logins'

let folder: string
const opened: Passwords[] = []
const failures: Error[] = []
const open = async (path: string): Promise<Passwords> => {
  const passwords = await openPasswordFile(path, { onFailure: (error) => failures.push(error), everyMs: 0 })
  opened.push(passwords)
  return passwords
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-passwords-'))
})
afterAll(async () => {
  for (const passwords of opened) await passwords.close()
  rmSync(folder, { recursive: true })
})

describe('a password file', () => {
  it('lets users in by their own password only', async () => {
    const passwords = await open(writePasswordFile(join(folder, 'users'), { alice: 'wonder:land', bob: 'bau mäster' }))
    const check = async (user: string, password: string, is: boolean) =>
      expect(await passwords.verify(user, password), `${user} ${password}`).toBe(is)
    await check('alice', 'wonder:land', true)
    await check('alice', 'wonder:land', true)
    await check('bob', 'bau mäster', true)
    await check('bob', 'wonder:land', false)
    await check('Alice', 'wonder:land', false)
    await check('alice', '', false)
    await check('alice', 'wonder:land\0x', false)
    await check('', 'wonder:land', false)
    await check('eve', 'wonder:land', false)
    await check('__proto__', 'wonder:land', false)
  })

  it('takes what htpasswd writes', async ({ skip }) => {
    const path = join(folder, 'htpasswd')
    try {
      execFileSync('htpasswd', ['-B', '-C', '9', '-b', '-c', path, 'carol', 'pass'], { stdio: 'ignore' })
    } catch {
      skip('htpasswd is not installed')
    }
    expect(await (await open(path)).verify('carol', 'pass')).toBe(true)
  })

  it.each([
    ['alice', 'line 1: it is not user:hash'],
    [':x', 'line 1: it is not user:hash'],
    ['# comment\n\nalice:{SHA}fEqNCco3Yq9h5ZUglD3CZJT4lBs=', 'line 3: its hash is not of bcrypt ($2y$…)'],
    ['alice:secret', 'line 1: its hash is not of bcrypt ($2y$…)'],
    [`alice:${bcrypt.hashSync('x', 4)}`, 'line 1: the cost of its hash is 4, and must be from 8 to 16'],
    [`alice:${bcrypt.hashSync('x', 8)}\nalice:${bcrypt.hashSync('y', 8)}`, 'line 2: its user has a line already'],
    ['\n', 'has no users'],
  ])('refuses %j', async (text, message) => {
    const path = join(folder, 'bad')
    writeFileSync(path, text)
    const error = await open(path).then(
      () => undefined,
      (failure: Error) => failure,
    )
    expect(error?.message).toContain(message)
    expect(error?.message).not.toContain('secret')
  })

  it('is read again when it changes, and stays as it was when the new one is bad', async () => {
    const path = writePasswordFile(join(folder, 'changing'), { alice: 'old' })
    const passwords = await open(path)
    expect(await passwords.verify('alice', 'old')).toBe(true)
    writePasswordFile(path, { alice: 'new', bob: 'b' })
    expect(await passwords.verify('alice', 'old')).toBe(false)
    expect(await passwords.verify('alice', 'new')).toBe(true)
    writeFileSync(path, 'nonsense')
    expect(await passwords.verify('alice', 'new')).toBe(true)
    expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining('line 1: it is not user:hash')])
    writePasswordFile(path, { bob: 'b' })
    expect(await passwords.verify('alice', 'new')).toBe(false)
    expect(await passwords.verify('bob', 'b')).toBe(true)
  })

  it('unknown users cost what known ones do; a password that was right costs nothing', async () => {
    const path = join(folder, 'costs')
    writeFileSync(path, `alice:${bcrypt.hashSync('right', 10)}\n`)
    const passwords = await open(path)
    const least = async (user: string, password: () => string): Promise<number> => {
      let best = Number.POSITIVE_INFINITY
      for (let time = 0; time < 4; time++) {
        // Of the processor, which other work on the machine does not lengthen.
        const started = process.cpuUsage()
        await passwords.verify(user, password())
        best = Math.min(best, process.cpuUsage(started).user)
      }
      return best
    }
    let wrong = 0
    await passwords.verify('alice', 'right')
    const known = await least('alice', () => `wrong ${wrong++}`)
    const unknown = await least('nobody', () => `wrong ${wrong++}`)
    expect(unknown).toBeGreaterThan(known / 2)
    expect(unknown).toBeLessThan(known * 2)
    expect(await least('alice', () => 'right')).toBeLessThan(known / 5)
  })

  it('does not hold up the thread, and refuses when too many are waiting', async () => {
    const passwords = await open(writePasswordFile(join(folder, 'many'), { alice: 'a' }))
    await passwords.verify('alice', 'warm')
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const all = await Promise.allSettled(Array.from({ length: 150 }, (_, at) => passwords.verify('alice', `guess ${at}`)))
    clearInterval(timer)
    const refused = all.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBe(50)
    expect((refused[0] as PromiseRejectedResult).reason).toMatchObject({ errorName: 'GENERIC_INSUFFICIENT_RESOURCES', status: 503 })
    // Between two of the 100 comparisons the thread did something else.
    expect(turns).toBeGreaterThan(50)
    expect(await passwords.verify('alice', 'a')).toBe(true)
  })
})
