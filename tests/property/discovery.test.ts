/** Whatever the tree, the page size and the filter: pruned discovery finds what filtering the full one leaves. */
import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Table } from '#catalog/model'
import { discover } from '#catalog/partitions/discover'
import type { PartitionFilter } from '#catalog/partitions/discovery'
import { createStores, type ObjectStores } from '#connectors/storage/registry'
import { INTEGER } from '#src/types/type'
import type { Value } from '#src/types/value'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'

const PAGE_SIZES = [3, 10, 40]
const servers: S3TestServer[] = []
const stores: ObjectStores[] = []
beforeAll(async () => {
  for (const pageSize of PAGE_SIZES) {
    const server = await startS3Server({ buckets: ['lake'], pageSize })
    servers.push(server)
    stores.push(createStores({ env: server.env }))
  }
})
afterAll(async () => {
  for (const store of stores) await store.close()
  for (const server of servers) await server.close()
})

const KEYS = ['a', 'b', 'c']

/** Regular trees (where estimates are right) and odd ones (where they are wrong). */
const regular = fc
  .record({
    levels: fc.integer({ min: 1, max: 3 }),
    fans: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })),
    files: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ levels, fans, files }) => {
    let paths = ['']
    for (let level = 0; level < levels; level++) {
      paths = paths.flatMap((path) => Array.from({ length: fans[level] as number }, (_, value) => `${path}${KEYS[level]}=${value}/`))
    }
    return { isRegular: true, levels, keys: paths.flatMap((path) => Array.from({ length: files }, (_, file) => `${path}f${file}`)) }
  })
const segment = (key: string) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 12 }).map((value) => `${key}=${value}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(`${key}=__HIVE_DEFAULT_PARTITION__`, `${key.toUpperCase()}=1`, `${key}=01`, '_tmp', 'x=1', 'sub'),
    },
  )
const odd = fc.integer({ min: 1, max: 3 }).chain((levels) =>
  fc.record({
    isRegular: fc.constant(false),
    levels: fc.constant(levels),
    keys: fc.uniqueArray(
      fc
        .tuple(
          fc.tuple(...KEYS.slice(0, levels).map(segment)),
          fc.constantFrom('', '', '', 'sub/'),
          fc.constantFrom('f0', 'f1', 'f2', 'zz', '_hidden', ''),
        )
        .map(([segments, below, name]) => `${segments.join('/')}/${below}${name}`),
      { maxLength: 150 },
    ),
  }),
)

/** For each key: the values that match, or nothing said about it; and now and then a relation of the first two. */
const filters = fc.record({
  allowed: fc.tuple(
    ...KEYS.map(() => fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 4 }), { nil: undefined, freq: 1 })),
  ),
  sum: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined, freq: 4 }),
})

function matches(
  filter: { readonly allowed: readonly (readonly number[] | undefined)[]; readonly sum: number | undefined },
  tuple: readonly Value[],
): boolean {
  if (filter.sum !== undefined && tuple.length >= 2 && Number(tuple[0]) + Number(tuple[1]) !== filter.sum) return false
  return tuple.every(
    (value, index) => filter.allowed[index] === undefined || (value !== null && filter.allowed[index].includes(Number(value))),
  )
}

let folder = 0

it('discover(filter) = filter(discover())', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(regular, odd), filters, fc.nat(PAGE_SIZES.length - 1), async (tree, chosen, at) => {
      const prefix = `t${folder++}/`
      for (const key of tree.keys) servers[at]?.put('lake', prefix + key, key.endsWith('/') ? '' : 'x')
      const table: Table = {
        schema: 'default',
        name: 't',
        format: 'parquet',
        location: `s3://lake/${prefix}`,
        columns: [],
        partitionKeys: KEYS.slice(0, tree.levels).map((name) => ({ name, type: INTEGER })),
        properties: {},
        version: 1,
      }
      const store = (stores[at] as ObjectStores).storeFor({ scheme: 's3', name: 'lake' })
      const filter: PartitionFilter = {
        constrained: KEYS.slice(0, tree.levels).map(
          (_, index) => chosen.allowed[index] !== undefined || (index === 1 && chosen.sum !== undefined),
        ),
        keep: async (tuples) => tuples.map((tuple) => matches(chosen, tuple)),
      }
      const full = await discover(table, store)
      const pruned = await discover(table, store, filter)

      const expected = full.partitions.filter((partition) => matches(chosen, partition.values))
      expect(pruned.partitions).toEqual(expected)
      const filesOf = (found: typeof full) => found.files.map((file) => [file.info.key, found.partitions[file.partition]?.path])
      const expectedPaths = new Set(expected.map((partition) => partition.path))
      expect(filesOf(pruned)).toEqual(filesOf(full).filter(([, path]) => expectedPaths.has(path as string)))
      // The full listing against the keys themselves.
      if (tree.isRegular) expect(full.files.map((file) => file.info.key)).toEqual(tree.keys.map((key) => prefix + key).sort())
      if (pruned.filesTotal !== undefined) expect(pruned.filesTotal).toBe(full.filesTotal)
      if (pruned.partitionsTotal !== undefined) expect(pruned.partitionsTotal).toBe(full.partitionsTotal)
      if (pruned.prefixesSkipped === 0) expect(pruned.filesTotal).toBe(full.filesTotal)
    }),
    { numRuns: 150 },
  )
})
