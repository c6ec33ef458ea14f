/** Programs in Java and JVMs that start quickly: most of what they do for a test is to start. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { CACHE, mavenJar, moveWhereMissing, runTool } from './tools.ts'

/** For programs that end before the better compiler and the parallel collectors are worth their start. */
export const QUICK_JVM: readonly string[] = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']

export const trinoJdbc = (): Promise<string> => mavenJar('io.trino:trino-jdbc:476')

/** Runs a program of one class that uses trino-jdbc, compiled once; gives what it prints. Throws MissingTool without Java or Maven. */
export async function runJdbcProgram(source: string, ...args: readonly string[]): Promise<string> {
  const classPath = `${await trinoJdbc()}:${await compiled(source)}`
  return runTool('java', [...QUICK_JVM, '-cp', classPath, basename(source, '.java'), ...args])
}

/** The folder of its classes: `java File.java` compiles at every start, which takes three times as long as most programs. */
async function compiled(source: string): Promise<string> {
  const folder = join(CACHE, 'java', createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16))
  if (existsSync(folder)) return folder
  mkdirSync(join(CACHE, 'java'), { recursive: true })
  const work = mkdtempSync(join(CACHE, 'java', 'work-'))
  await runTool('javac', ['-cp', await trinoJdbc(), '-d', work, source])
  moveWhereMissing(work, folder)
  return folder
}
