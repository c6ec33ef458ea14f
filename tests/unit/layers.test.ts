/** DESIGN: folders in data-flow order, imports only go one way, and each outside library has one home. */
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** Lowest first. `query` and `write` stand side by side. The analyzer builds the logical plan, so `logical` lies below it. */
const LAYERS: readonly (readonly string[])[] = [
  ['src/common'],
  ['src/types'],
  ['src/sql'],
  ['connectors'],
  ['catalog'],
  ['src/functions'],
  ['src/logical'],
  ['src/analyze'],
  ['src/optimize'],
  ['src/physical'],
  ['src/scan'],
  ['src/kernel'],
  ['src/query', 'src/write'],
  ['src/protocols'],
  ['src/server'],
  ['src/cli'],
  ['src/main.ts'],
]

/** Library (prefix) → the only folders that may import it. */
const HOMES: readonly (readonly [string, readonly string[]])[] = [
  ['@duckdb/', ['src/kernel']],
  ['@aws-sdk/', ['connectors/storage']],
  ['@google-cloud/', ['connectors/storage']],
  ['undici', ['connectors/storage']],
  ['kysely', ['catalog/store']],
  ['fastify', ['src/protocols', 'src/server']],
  ['@fastify/', ['src/protocols', 'src/server']],
  ['commander', ['src/cli']],
]

const layerOf = (file: string): number =>
  LAYERS.findIndex((layer) => layer.some((folder) => file === folder || file.startsWith(`${folder}/`)))

interface Import {
  readonly from: string
  readonly target: string
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
    ),
  ]
  return found.map((match) => ({ from: file, target: (match[1] ?? match[2] ?? match[3]) as string }))
}

function resolveTarget({ from, target }: Import): string | undefined {
  if (target.startsWith('#')) return `${target.slice(1)}.ts`
  if (target.startsWith('.')) return relative(root, join(root, from, '..', target))
  return undefined
}

const files = ['src/**/*.ts', 'catalog/**/*.ts', 'connectors/**/*.ts'].flatMap((pattern) => globSync(pattern, { cwd: root }))
const imports = files.flatMap(importsOf)

describe('layers', () => {
  it('sees the sources and their imports', () => {
    expect(files.length).toBeGreaterThan(20)
    expect(imports.length).toBeGreaterThan(files.length)
  })

  it('every source file belongs to a layer', () => {
    expect(files.filter((file) => layerOf(file) < 0)).toEqual([])
  })

  it('imports go only to the same or a lower layer', () => {
    const wrong = imports.flatMap((one) => {
      const target = resolveTarget(one)
      if (target === undefined) return []
      if (target.startsWith('tests/')) return [`${one.from} → ${target}`]
      const [from, to] = [layerOf(one.from), layerOf(target)]
      return to > from || (to < 0 && !target.startsWith('node_modules')) ? [`${one.from} → ${target}`] : []
    })
    expect(wrong).toEqual([])
  })

  it('outside libraries are imported only in their home', () => {
    const wrong = imports.flatMap(({ from, target }) => {
      const home = HOMES.find(
        ([library]) => target === library || (target.startsWith(library) && (library.endsWith('/') || target[library.length] === '/')),
      )
      return home === undefined || home[1].some((folder) => from.startsWith(`${folder}/`)) ? [] : [`${from} → ${target}`]
    })
    expect(wrong).toEqual([])
  })
})
