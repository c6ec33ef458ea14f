/**
 * Outside programs that the heavier suites run beside Weir. Each is installed by its ecosystem's own client into
 * `.cache/`; a missing toolchain throws MissingTool with the reason, which suites print before they skip (in CI they fail).
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

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
      timeout: options.timeoutMs ?? 300_000,
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

/** Folder `bin` of a virtual environment that has these Python packages. */
export async function pythonTools(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(CACHE, 'python', name)
  const bin = join(folder, 'bin')
  if (!existsSync(join(folder, 'complete'))) {
    mkdirSync(join(CACHE, 'python'), { recursive: true })
    await runTool('python3', ['-m', 'venv', folder])
    await runTool(join(bin, 'pip'), ['install', '--quiet', ...packages], { timeoutMs: 600_000 })
    await runTool('touch', [join(folder, 'complete')])
  }
  return bin
}

/** Folder whose `node_modules` has these npm packages, each `name@version`. */
export async function npmPackages(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(CACHE, 'npm', name)
  if (!existsSync(join(folder, 'complete'))) {
    mkdirSync(folder, { recursive: true })
    // Without a manifest of its own npm would install into the project above.
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    await runTool('npm', ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, ...packages], {
      timeoutMs: 600_000,
    })
    writeFileSync(join(folder, 'complete'), '')
  }
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
  const file = join(folder, `${name}-${version}${classifier === undefined ? '' : `-${classifier}`}.${type}`)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    await runTool('mvn', ['-q', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], { timeoutMs: 600_000 })
  }
  return file
}
