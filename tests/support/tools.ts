/**
 * Outside programs that the heavier suites run beside Weir. Each is installed by its ecosystem's own client into
 * `.cache/`; a missing toolchain throws MissingTool with the reason, which suites print before they skip (in CI they fail).
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { locked } from './file-lock.ts'

const run = promisify(execFile)

export const CACHE = join(import.meta.dirname, '../../.cache')

export class MissingTool extends Error {}

/** Runs a program to its end; throws MissingTool when there is no such program, Error with its output when it fails. */
export async function runTool(
  program: string,
  args: readonly string[],
  options: { readonly timeoutMs?: number; readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  try {
    const { stdout } = await run(program, [...args], {
      timeout: options.timeoutMs ?? 600_000,
      maxBuffer: 64 << 20,
      ...(options.cwd && { cwd: options.cwd }),
      ...(options.env && { env: options.env }),
    })
    return stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new MissingTool(`${program} is not installed`)
    throw new Error(`${program} ${args.join(' ')} failed: ${(error as { stderr?: string }).stderr ?? (error as Error).message}`)
  }
}

/** How long a registry that did not answer is left alone before it is asked again. */
const PAUSES_MS: readonly number[] = [5_000, 30_000]

/** Runs what downloads, up to three times: one request that fails must not fail a suite. A missing program is no matter of luck. */
export async function retried<T>(download: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await download()
    } catch (error) {
      if (error instanceof MissingTool) throw error
      process.stderr.write(`once more in ${pauseMs} ms: ${(error as Error).message}\n`)
      await sleep(pauseMs)
    }
  }
  return download()
}

/**
 * Fills `folder` once, also where several processes want it at the same time: one works, the others wait. What a killed process
 * has left half done is made anew.
 */
async function filledOnce(folder: string, fill: () => Promise<void>): Promise<void> {
  const complete = join(folder, 'complete')
  if (existsSync(complete)) return
  mkdirSync(dirname(folder), { recursive: true })
  await locked(`${folder}.lock`, async () => {
    if (existsSync(complete)) return
    await retried(async () => {
      rmSync(folder, { recursive: true, force: true })
      await fill()
    })
    writeFileSync(complete, '')
  })
}

/** Gives a finished folder its name; where another process was first, that one's stays. */
export function moveWhereMissing(work: string, folder: string): void {
  try {
    renameSync(work, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
    rmSync(work, { recursive: true, force: true })
  }
}

/** Folder `bin` of a virtual environment that has these Python packages. */
export async function pythonTools(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(CACHE, 'python', name)
  const bin = join(folder, 'bin')
  await filledOnce(folder, async () => {
    await runTool('python3', ['-m', 'venv', folder])
    await runTool(join(bin, 'pip'), ['install', '--quiet', ...packages], { timeoutMs: 600_000 })
  })
  return bin
}

/** Folder whose `node_modules` has these npm packages, each `name@version`. */
export async function npmPackages(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(CACHE, 'npm', name)
  await filledOnce(folder, async () => {
    mkdirSync(folder, { recursive: true })
    // Without a manifest of its own npm would install into the project above.
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    await runTool('npm', ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, ...packages], {
      timeoutMs: 600_000,
    })
  })
  return folder
}

/** A Maven artifact's jar as a file. */
export function mavenJar(artifact: string): Promise<string> {
  return mavenFile(`${artifact}:jar`)
}

/** An artifact `group:name:version:type[:classifier]` as a file. */
export async function mavenFile(artifact: string): Promise<string> {
  const folder = join(CACHE, 'maven')
  const [, name, version, type, classifier] = artifact.split(':')
  const base = `${name}-${version}${classifier === undefined ? '' : `-${classifier}`}.${type}`
  const file = join(folder, base)
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  // One Maven at a time: its own repository is not made for two.
  await locked(join(folder, 'maven.lock'), async () => {
    if (existsSync(file)) return
    const work = mkdtempSync(join(folder, 'work-'))
    try {
      await retried(() =>
        runTool('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${work}`], { timeoutMs: 600_000 }),
      )
      renameSync(join(work, base), file)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
  })
  return file
}
