/**
 * Settings by flag, environment and file, in that order: `--max-bytes` is `WEIR_MAX_BYTES` and `maxBytes` in weir.yaml
 * (`--config`, else ./weir.yaml when it is there). Secrets have no flag.
 */
import { existsSync, readFileSync } from 'node:fs'
import { type Command, Option as CommanderOption, type Option } from 'commander'
import { parse } from 'yaml'
import { QueryError } from '#src/common/errors'

/** An option with its environment variable. */
export function setting(flags: string, description: string): Option {
  const option = new CommanderOption(flags, description)
  return option.env(`WEIR_${option.name().replaceAll('-', '_').toUpperCase()}`)
}

/** A whole number of at least `minimum`. */
export function wholeNumber(name: string, minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!Number.isSafeInteger(value) || value < minimum) throw usage(`${name} takes a whole number of at least ${minimum}, not '${text}'`)
    return value
  }
}

/** `5 MB`, `1.5gb`, `1048576`: bytes, decimal units and binary ones (MiB). */
export function byteCount(name: string): (text: string) => number {
  return (text) => {
    const match = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?)b?|b)?\s*$/i.exec(text)
    if (match === null) throw usage(`${name} takes a number of bytes such as 500000, 5MB or 2GiB, not '${text}'`)
    const power = match[2] === undefined ? 0 : ' kmgt'.indexOf(match[2].toLowerCase())
    return Math.floor(Number(match[1]) * (match[3] ? 1024 : 1000) ** power)
  }
}

export function postgresUrl(text: string): string {
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    throw usage('--catalog-store takes a URL postgres://user@host/database')
  return text
}

/** Other users of the machine can read a command line. */
export function refusePassword(url: string): void {
  const { password, searchParams } = new URL(url)
  if (password === '' && !searchParams.has('password')) return
  throw usage(
    '--catalog-store holds a password, which other users of this machine could read',
    'Put it into PGPASSWORD or a PGPASSFILE, or the whole URL into WEIR_CATALOG_STORE.',
  )
}

export function usage(message: string, hint?: string): QueryError {
  return new QueryError('GENERIC_USER_ERROR', message, { hint })
}

/** Puts the file's values where neither a flag nor the environment gave one. Unknown keys are errors: a typo would go unseen. */
export function applyConfigFile(command: Command, known: ReadonlySet<string>): void {
  const named = command.optsWithGlobals().config as string | undefined
  const path = named ?? 'weir.yaml'
  if (named === undefined && !existsSync(path)) return
  for (const [key, value] of Object.entries(readConfigFile(path))) {
    if (!known.has(key)) throw usage(`${path}: unknown key '${key}'`, `Known keys: ${[...known].sort().join(', ')}.`)
    applyValue(command, key, value, path)
  }
}

function readConfigFile(path: string): Record<string, unknown> {
  let document: unknown
  try {
    document = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw usage(`Cannot read the configuration ${path}: ${(error as Error).message}`)
  }
  if (document === null || document === undefined) return {}
  if (typeof document !== 'object' || Array.isArray(document)) throw usage(`${path} must hold keys and values`)
  return document as Record<string, unknown>
}

function applyValue(command: Command, key: string, value: unknown, path: string): void {
  const option = command.options.find((candidate) => candidate.attributeName() === key)
  if (option === undefined) return
  const source = command.getOptionValueSource(key)
  if (source !== undefined && source !== 'default') return
  const texts = (Array.isArray(value) ? value : [value]).map(String)
  if (option.isBoolean()) {
    if (typeof value !== 'boolean') throw usage(`${path}: '${key}' takes true or false`)
    command.setOptionValueWithSource(key, value, 'config')
    return
  }
  let parsed: unknown
  for (const text of texts) parsed = option.parseArg === undefined ? text : option.parseArg(text, parsed as never)
  command.setOptionValueWithSource(key, parsed, 'config')
}
